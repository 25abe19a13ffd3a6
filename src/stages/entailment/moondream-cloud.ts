import * as z from "zod/mini";
import { moondreamAdapter } from "../adapters/moondream.ts";
import {
  cloudSettings,
  MOONDREAM_CLOUD_PRICE,
  readVisible,
  VISIBLE_VERSION,
  visibleQuestion,
} from "../families/moondream.ts";
import { ReplyText, readShape } from "../replies/read-shape.ts";

/** Moondream's own API (docs.moondream.ai/skills/query, November 2026). */
const Output = z.object({ answer: ReplyText });

/** The answer is one word. */
const MAXIMUM_TOKENS = 16;

export const moondreamCloud = moondreamAdapter({
  stage: "entailment",
  names: ["query"],
  promptVersion: VISIBLE_VERSION,
  batch: 1,
  card: {
    title: "Moondream 3, query, at Moondream",
    ...MOONDREAM_CLOUD_PRICE,
    returns: "yes or no",
    cannot: "give a probability: scores are null",
  },
  ask: ({ image, entity }) => ({
    image_url: image,
    question: visibleQuestion(entity),
    // It may reason unless it is told not to.
    reasoning: false,
    ...cloudSettings({ max_tokens: MAXIMUM_TOKENS }),
  }),
  read: (output, { entity }) => ({ judgements: [readVisible(entity.id, readShape(Output, output).answer)] }),
});
