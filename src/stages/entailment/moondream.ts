import * as z from "zod/mini";
import { workersAiAdapter } from "../adapters/workers-ai.ts";
import {
  askMoondream3,
  MOONDREAM_3,
  MOONDREAM_3_PRICE,
  readVisible,
  VISIBLE_VERSION,
  visibleQuestion,
} from "../families/moondream.ts";
import { ReplyText, readShape } from "../replies/read-shape.ts";

/** Workers AI's catalogue (developers.cloudflare.com/workers-ai/models), November 2026. */
const Output = z.object({ answer: ReplyText });

/** The answer is one word. */
const MAXIMUM_TOKENS = 16;

export const moondream = workersAiAdapter({
  stage: "entailment",
  ...MOONDREAM_3,
  promptVersion: VISIBLE_VERSION,
  batch: 1,
  card: {
    title: "Moondream 3.1, query",
    ...MOONDREAM_3_PRICE,
    returns: "yes or no",
    cannot: "give a probability: scores are null",
  },
  ask: ({ image, entity }) =>
    askMoondream3("query", image, { question: visibleQuestion(entity), max_tokens: MAXIMUM_TOKENS }),
  read: (output, { entity }) => ({ judgements: [readVisible(entity.id, readShape(Output, output).answer)] }),
});
