import * as z from "zod/mini";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { CLIP_VERSION, judgementOf, NEUTRAL, phraseForClip, TEMPLATE } from "../families/clip.ts";
import { readShape } from "../replies/read-shape.ts";

/** hosted-apis section 3.1: a softmax over the texts, in their order. */
const Output = z.array(z.number()).check(z.length(2));

/** What stands between texts. */
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
    cannot:
      "say how likely the thing is to be there until constants are configured for it (CALIBRATION); it compares captions, and counts and relates nothing",
  },
  ask: (input) => ({
    image: input.image,
    text: [phraseForClip(input, BAR), NEUTRAL].map((words) => TEMPLATE.replace("{}", () => words)).join(" | "),
  }),
  read(output, input, _files, fitted) {
    const [raw = 0] = readShape(Output, output);
    return { judgements: [judgementOf(input, raw, fitted)] };
  },
});
