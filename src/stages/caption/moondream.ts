import * as z from "zod/mini";
import { workersAiAdapter } from "../adapters/workers-ai.ts";
import { askMoondream3, MOONDREAM_3, MOONDREAM_3_PRICE } from "../families/moondream.ts";
import { ReplyText, readShape } from "../replies/read-shape.ts";
import { paragraphOf } from "./paragraph.ts";

/** Workers AI's catalogue (developers.cloudflare.com/workers-ai/models), November 2026. */
const Output = z.object({ caption: ReplyText });

/** A paragraph has some 150 tokens; the model's own limit is 8,192. */
const MAXIMUM_TOKENS = 512;

export const moondream = workersAiAdapter({
  stage: "caption",
  ...MOONDREAM_3,
  promptVersion: "1",
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "Moondream 3.1, caption",
    ...MOONDREAM_3_PRICE,
    returns: "one paragraph",
    cannot: "be told what to describe",
  },
  ask: ({ image }) => askMoondream3("caption", image, { caption_length: "normal", max_tokens: MAXIMUM_TOKENS }),
  read: (output) => ({ caption: paragraphOf(readShape(Output, output).caption) }),
});
