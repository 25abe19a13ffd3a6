import * as z from "zod/mini";
import { moondreamAdapter } from "../adapters/moondream.ts";
import { cloudSettings, MOONDREAM_CLOUD_PRICE } from "../families/moondream.ts";
import { ReplyText, readShape } from "../replies/read-shape.ts";
import { paragraphOf } from "./paragraph.ts";

/** Moondream's own API (docs.moondream.ai/skills/caption, November 2026). */
const Output = z.object({ caption: ReplyText });

/** A paragraph has some 150 tokens. */
const MAXIMUM_TOKENS = 512;

export const moondreamCloud = moondreamAdapter({
  stage: "caption",
  names: ["caption"],
  promptVersion: "1",
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "Moondream 3, caption, at Moondream",
    ...MOONDREAM_CLOUD_PRICE,
    returns: "one paragraph",
    cannot: "be told what to describe",
  },
  ask: ({ image }) => ({ image_url: image, length: "normal", ...cloudSettings({ max_tokens: MAXIMUM_TOKENS }) }),
  read: (output) => ({ caption: paragraphOf(readShape(Output, output).caption) }),
});
