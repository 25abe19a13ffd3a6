import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { askSeen, joined, MOONDREAM_2, readSeen, SEEN_VERSION } from "../families/moondream.ts";

export const moondream2 = replicateAdapter({
  stage: "entailment",
  ...MOONDREAM_2,
  promptVersion: SEEN_VERSION,
  card: {
    title: "Moondream 2",
    ...replicatePrice,
    returns: "yes or no",
    cannot: "say how sure it is: scores are null",
  },
  ask: ({ image, entities: [entity] }) => ({ image, prompt: askSeen(entity) }),
  read: (output, { entities: [entity] }) => ({ judgements: [readSeen(entity?.id ?? "", joined(output))] }),
});
