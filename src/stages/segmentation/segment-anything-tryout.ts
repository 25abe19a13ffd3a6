import * as z from "zod/mini";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { readShape } from "../replies/read-shape.ts";
import { askedWithBoxes, cornerAndSides, onlyBox } from "./boxes.ts";
import { maskOfFile } from "./mask-file.ts";

/**
 * hosted-apis section 3.1, `yyjim/segment-anything-tryout`: files, the mask first; without `mask_only` the cut-out
 * follows.
 */
const Output = z.array(z.string()).check(z.minLength(1));

/**
 * Segment Anything (ViT-H), asked about one box. It reads the box from a text and, where it cannot, cuts the whole
 * picture without a word.
 */
export const segmentAnythingTryout = askedWithBoxes(
  replicateAdapter({
    stage: "segmentation",
    name: "yyjim/segment-anything-tryout",
    version: "72d58a6b199b075ba3a2c1a0e0951384b819a0f6d99ba6c326727fb464a7c792",
    promptVersion: "1",
    batch: 1,
    inputs: ["image", "box", "multimask_output", "mask_only"],
    output: { type: "array" },
    card: {
      title: "Segment Anything, as published by yyjim",
      ...replicatePrice,
      returns: "the mask of one box, without a score",
      cannot: "be counted on to be warm: it is little used, and its published example took 160 seconds",
    },
    ask: (input) => ({
      image: input.image,
      box: cornerAndSides(onlyBox(input).box),
      multimask_output: false,
      mask_only: true,
    }),
    async read(output, input, files) {
      const [mask = ""] = readShape(Output, output);
      return { masks: [await maskOfFile(mask, input, files, "sam")] };
    },
  }),
);
