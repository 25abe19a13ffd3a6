import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import { listOf } from "../../../schemas/primitives.ts";
import { falAdapter } from "../adapters/fal.ts";
import { StageError } from "../model.ts";
import { cardPrice } from "../prices/model-prices.ts";
import { maskOfPlainPicture, mostPixelsFor } from "../replies/read-mask.ts";
import { readShape } from "../replies/read-shape.ts";
import { assignMasks, type FoundMask } from "./assign-masks.ts";
import { wholePixels } from "./boxes.ts";

const number = z.nullable(z.number());
/** `Sam3ImageOutput` of the vendor's own client (@fal-ai/client 1.10.1, src/types/endpoints.d.ts). */
const Output = z.object({
  masks: listOf(z.object({ url: z.string() }), LIMITS.stageBoxes),
  scores: z.optional(z.nullable(listOf(number, LIMITS.stageBoxes))),
  metadata: z.optional(z.nullable(listOf(z.object({ index: z.int(), score: z.optional(number) }), LIMITS.stageBoxes))),
});

/** Segment Anything 3 and 3.1, all boxes in one call. */
export const sam3Fal = falAdapter({
  stage: "segmentation",
  names: ["fal-ai/sam-3-1/image", "fal-ai/sam-3/image"],
  promptVersion: "1",
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "Segment Anything 3.1 and 3, as fal serves them",
    ...cardPrice("fal/fal-ai/sam-3-1/image"),
    returns: "the masks of all boxes in one call, with scores",
    cannot: "say whose box a mask is: each is matched to the box that it fits best, and the rest is dropped",
  },
  ask: ({ image, boxes, size }) => ({
    image_url: image,
    // Without a prompt, the model looks for its default, "wheel". Words choose badly; the boxes choose.
    prompt: "",
    box_prompts: boxes.map(({ box }, index) => {
      const { xmin, ymin, xmax, ymax } = wholePixels(box, size);
      // Boxes with one id refine one object.
      return { x_min: xmin, y_min: ymin, x_max: xmax, y_max: ymax, object_id: index + 1 };
    }),
    apply_mask: false,
    return_multiple_masks: true,
    max_masks: boxes.length,
    include_scores: true,
    include_boxes: true,
    output_format: "png",
    // Masks as data URLs: nothing is kept at fal, and nothing is downloaded.
    sync_mode: true,
  }),
  async read(output, { boxes, size }, { download }) {
    const { masks, scores, metadata } = readShape(Output, output);
    const scoreOf = (index: number) => scores?.[index] ?? metadata?.find((about) => about.index === index)?.score;
    const found: FoundMask[] = [];
    let pixels = 0;
    // One after another: each PNG is unpacked in memory.
    for (const [index, { url }] of masks.entries()) {
      const mask = await maskOfPlainPicture(await download(url), mostPixelsFor(size));
      pixels += mask.size[0] * mask.size[1];
      if (pixels > LIMITS.maskPixels) throw new StageError("invalid_output", "answered with masks of too many pixels");
      found.push({ readings: [mask], score: share(scoreOf(index)) });
    }
    return { masks: assignMasks(boxes, found, size, "sam3") };
  },
});

/** A score that is a probability; null for any other. */
function share(score: number | null | undefined): number | null {
  return typeof score === "number" && score >= 0 && score <= 1 ? score : null;
}
