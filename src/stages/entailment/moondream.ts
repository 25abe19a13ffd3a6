import * as z from "zod/mini";
import { workersAiAdapter } from "../adapters/workers-ai.ts";
import {
  askMoondream3,
  askSeen,
  MOONDREAM_3,
  MOONDREAM_3_PRICE,
  readSeen,
  SEEN_VERSION,
} from "../families/moondream.ts";
import { readShape } from "../replies/read-shape.ts";

/** hosted-apis section 3.2. */
const Output = z.object({ answer: z.string() });

/** The answer is the first. */
const MAXIMUM_TOKENS = 16;

export const moondream = workersAiAdapter({
  stage: "entailment",
  ...MOONDREAM_3,
  promptVersion: SEEN_VERSION,
  batch: 1,
  card: {
    title: "Moondream 3.1, query",
    ...MOONDREAM_3_PRICE,
    returns: "yes or no",
    cannot: "say how sure it is (hosted-apis section 3.7): scores are null",
  },
  ask: ({ image, entities: [entity] }) =>
    askMoondream3("query", image, { question: askSeen(entity), max_tokens: MAXIMUM_TOKENS }),
  read: (output, { entities: [entity] }) => ({
    judgements: [readSeen(entity?.id ?? "", readShape(Output, output).answer)],
  }),
});
