import * as z from "zod/mini";
import { listOf } from "../../../schemas/primitives.ts";
import { replicateAdapter, replicatePrice } from "../adapters/replicate.ts";
import { readShape } from "../replies/read-shape.ts";
import { cornerAndSides } from "./boxes.ts";
import { maskOfFile } from "./mask-file.ts";

/** Files, the mask first (replicate.com/yyjim/segment-anything-tryout). Without `mask_only` the cut-out follows. */
const Output = listOf(z.string(), 10).check(z.minLength(1));

/** Segment Anything (ViT-H), one box a call. A box text that it cannot parse silently selects the whole picture. */
export const segmentAnythingTryout = replicateAdapter({
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
    cannot: "be expected to be warm: it is little used, and its published example took 160 seconds",
  },
  ask: ({ image, boxPrompt }) => ({
    image,
    box: cornerAndSides(boxPrompt.box),
    multimask_output: false,
    mask_only: true,
  }),
  async read(output, { boxPrompt, size }, { download }) {
    const [file = ""] = readShape(Output, output);
    const mask = await maskOfFile(await download(file), size);
    return { masks: [{ id: boxPrompt.id, mask, score: null, method: "sam", reason: null }] };
  },
});
