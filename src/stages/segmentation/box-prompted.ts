import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import { listOf, ModelName, RleMask, Score, type Size } from "../../../schemas/primitives.ts";
import { rleBounds } from "../../../schemas/rle.ts";
import type { SegmentedMask } from "../../../schemas/stages/segmentation.ts";
import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { type StageAdapter, StageError } from "../model.ts";
import { assertFew, Counts, maskOfCoco, maskOfText, mostPixelsFor } from "../replies/read-mask.ts";
import { readShape } from "../replies/read-shape.ts";

/** One item for each box, in order: docs/hugging-face-endpoint.md. Hugging Face has no such task and no schema. */
const Output = listOf(
  z.object({
    mask: z.nullable(z.union([z.string(), z.object({ size: RleMask.shape.size, counts: Counts })])),
    score: z.optional(z.nullable(Score)),
    model: z.optional(ModelName),
  }),
  LIMITS.stageBoxes,
);

const base = huggingFaceAdapter({
  stage: "segmentation",
  promptVersion: "1",
  batch: Number.POSITIVE_INFINITY,
  card: {
    title: "any dedicated endpoint that segments boxes as docs/hugging-face-endpoint.md says",
    ...huggingFacePrice,
    returns: "the masks of all boxes in one call, with the endpoint's scores",
    cannot:
      "be called at the router: Hugging Face has no such task, so the endpoint needs a handler of the operator's own",
    picture: "data",
  },
  async ask({ boxes, size }, host) {
    const parameters = { boxes: boxes.map(({ box: { xmin, ymin, xmax, ymax } }) => [xmin, ymin, xmax, ymax]) };
    const answers = readShape(Output, await host.post({ inputs: host.base64(), parameters }));
    if (answers.length !== boxes.length)
      throw new StageError("invalid_output", "answered with another number of masks than of boxes");
    assertFew(answers.flatMap(({ mask }) => (typeof mask === "object" && mask ? [mask.counts] : [])));
    const masks: SegmentedMask[] = [];
    let pixels = 0;
    // One after another: each PNG is unpacked in memory.
    for (const [index, { mask, score = null, model }] of answers.entries()) {
      const read = await readMask(mask, size);
      if (read && typeof mask === "string") pixels += read.size[0] * read.size[1];
      if (pixels > LIMITS.maskPixels) throw new StageError("invalid_output", "answered with masks of too many pixels");
      const id = boxes[index]?.id ?? "";
      // An empty mask counts as none.
      if (!read || !rleBounds(read))
        masks.push({ id, mask: null, score: null, method: null, reason: "the endpoint gave no mask" });
      else masks.push({ id, mask: read, score, method: model ?? "box-prompted", reason: null });
    }
    if (masks.every(({ mask }) => mask === null)) throw new StageError("nothing_found", "found nothing in any box");
    return { masks };
  },
});

/** Box-prompted masks by an endpoint of the operator's own: the router has no such task. */
export const boxPrompted: StageAdapter<"segmentation"> = {
  ...base,
  serves: base.serves.map((served) => ({ ...served, aliased: true })),
};

async function readMask(mask: z.infer<typeof Output>[number]["mask"], size: Size): Promise<RleMask | null> {
  if (typeof mask === "string") return maskOfText(mask, mostPixelsFor(size));
  return mask && maskOfCoco(mask.size, mask.counts);
}
