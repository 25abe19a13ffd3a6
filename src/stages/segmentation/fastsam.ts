import * as z from "zod/mini";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { readShape } from "../replies/read-shape.ts";
import { cornerAndSides } from "./boxes.ts";
import { maskOfFile } from "./mask-file.ts";

/** FastSAM, a model other than Segment Anything: it segments everything and picks the mask that fits the box best. */
export const fastsam = replicateAdapter({
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
    returns: "the mask of one box, without a score, from a deployment that saves the mask itself",
    // Its published Cog file (CASIA-IVA-Lab/FastSAM, predict.py) draws the mask on the picture.
    cannot: "be used as published: that version draws on the picture, and a drawing is refused",
  },
  ask: ({ image, boxPrompt }) => ({
    input_image: image,
    box_prompt: cornerAndSides(boxPrompt.box),
    // The largest value in its schema.
    image_size: 1_024,
  }),
  async read(output, { boxPrompt, size }, { download }) {
    const mask = await maskOfFile(await download(readShape(z.string(), output)), size);
    return { masks: [{ id: boxPrompt.id, mask, score: null, method: "fastsam", reason: null }] };
  },
});
