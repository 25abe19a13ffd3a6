import * as z from "zod/mini";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { readShape } from "../replies/read-shape.ts";
import { askedWithBoxes, cornerAndSides, onlyBox } from "./boxes.ts";
import { maskOfFile } from "./mask-file.ts";

/**
 * FastSAM segments everything and picks what fits the box best: another model than Segment Anything, and not called so.
 */
export const fastsam = askedWithBoxes(
  replicateAdapter({
    stage: "segmentation",
    name: "casia-iva-lab/fastsam",
    version: "371aeee1ce0c5efd25bbef7a4527ec9e59188b963ebae1eeb851ddc145685c17",
    promptVersion: "1",
    batch: 1,
    inputs: ["input_image", "box_prompt", "image_size"],
    output: { type: "string" },
    card: {
      title: "FastSAM",
      ...replicatePrice,
      returns: "the mask of one box, without a score, where what runs saves the mask itself",
      // Its makers' own Cog file (CASIA-IVA-Lab/FastSAM, predict.py) plots the mask upon the picture.
      cannot:
        "be used as its makers published it, which draws on the picture: a drawing is refused. Made for a deployment that saves masks",
    },
    ask: (input) => ({
      input_image: input.image,
      box_prompt: cornerAndSides(onlyBox(input).box),
      // The largest that its schema takes.
      image_size: 1_024,
    }),
    async read(output, input, files) {
      return { masks: [await maskOfFile(readShape(z.string(), output), input, files, "fastsam")] };
    },
  }),
);
