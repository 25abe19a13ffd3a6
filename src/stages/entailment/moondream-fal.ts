import * as z from "zod/mini";
import { falAdapter } from "../adapters/fal.ts";
import { MOONDREAM_FAL_PRICE, readVisible, VISIBLE_VERSION, visibleQuestion } from "../families/moondream.ts";
import { ReplyText, readShape } from "../replies/read-shape.ts";

/** The vendor's own client (@fal-ai/client 1.10.1, src/types/endpoints.d.ts). */
const Output = z.object({ output: ReplyText });

export const moondreamFal = falAdapter({
  stage: "entailment",
  names: ["fal-ai/moondream3-preview/query"],
  promptVersion: VISIBLE_VERSION,
  batch: 1,
  card: {
    title: "Moondream 3 preview, query, at fal",
    ...MOONDREAM_FAL_PRICE,
    returns: "yes or no",
    cannot: "give a probability: scores are null",
  },
  ask: ({ image, entity }) => ({
    image_url: image,
    prompt: visibleQuestion(entity),
    // It may reason unless it is told not to.
    reasoning: false,
    temperature: 0,
  }),
  read: (output, { entity }) => ({ judgements: [readVisible(entity.id, readShape(Output, output).output)] }),
});
