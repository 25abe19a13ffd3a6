import * as z from "zod/mini";
import { falAdapter } from "../adapters/fal.ts";
import { MOONDREAM_FAL_PRICE } from "../families/moondream.ts";
import { ReplyText, readShape } from "../replies/read-shape.ts";
import { paragraphOf } from "./paragraph.ts";

/** The vendor's own client (@fal-ai/client 1.10.1, src/types/endpoints.d.ts). */
const Output = z.object({ output: ReplyText });

export const moondreamFal = falAdapter({
  stage: "caption",
  names: ["fal-ai/moondream3-preview/caption"],
  promptVersion: "1",
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "Moondream 3 preview, caption, at fal",
    ...MOONDREAM_FAL_PRICE,
    returns: "one paragraph",
    cannot: "be told what to describe",
  },
  ask: ({ image }) => ({ image_url: image, length: "normal", temperature: 0 }),
  read: (output) => ({ caption: paragraphOf(readShape(Output, output).output) }),
});
