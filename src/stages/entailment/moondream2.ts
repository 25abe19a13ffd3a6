import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { joined, MOONDREAM_2, readVisible, VISIBLE_VERSION, visibleQuestion } from "../families/moondream.ts";

export const moondream2 = replicateAdapter({
  stage: "entailment",
  ...MOONDREAM_2,
  promptVersion: VISIBLE_VERSION,
  card: {
    title: "Moondream 2",
    ...replicatePrice,
    returns: "yes or no",
    cannot: "give a probability: scores are null",
  },
  ask: ({ image, entity }) => ({ image, prompt: visibleQuestion(entity) }),
  read: (output, { entity }) => ({ judgements: [readVisible(entity.id, joined(output))] }),
});
