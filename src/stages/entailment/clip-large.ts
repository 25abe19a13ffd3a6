import * as z from "zod/mini";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { CLIP_VERSION, judgementOf, NEUTRAL, phraseForClip, TEMPLATE } from "../families/clip.ts";
import { readShape } from "../replies/read-shape.ts";

/** Its published schema (replicate.com/cjwbw/clip-vit-large-patch14): a softmax over the texts, in their order. */
const Output = z.array(z.number()).check(z.length(2));

/** The separator of texts. */
const BAR = /\|/g;

export const clipLarge = replicateAdapter({
  stage: "entailment",
  name: "cjwbw/clip-vit-large-patch14",
  version: "566ab1f111e526640c5154e712d4d54961414278f89d36590f1425badc763ecb",
  promptVersion: CLIP_VERSION,
  batch: 1,
  inputs: ["image", "text"],
  output: { type: "array" },
  card: {
    title: "CLIP ViT-L/14",
    ...replicatePrice,
    returns: 'the softmax of the expression against "something else"',
    cannot: `give a calibrated probability until CALIBRATION has constants for ENTRY#${CLIP_VERSION}; it compares captions, and does not count or relate things`,
  },
  ask: ({ image, entity }) => ({
    image,
    text: [phraseForClip(entity, BAR), NEUTRAL].map((words) => TEMPLATE.replace("{}", () => words)).join(" | "),
  }),
  read(output, { entity }, { calibration }) {
    const [raw = 0] = readShape(Output, output);
    return { judgements: [judgementOf(entity, raw, calibration)] };
  },
});
