import * as z from "zod/mini";
import { RleMask, Score } from "../../../schemas/primitives.ts";
import { rleBounds } from "../../../schemas/rle.ts";
import type { SegmentedMask } from "../../../schemas/stages/segmentation.ts";
import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { type StageAdapter, StageError } from "../model.ts";
import { maskOfCoco, maskOfText } from "../replies/read-mask.ts";
import { readShape } from "../replies/read-shape.ts";

/** One item for each box, in order: docs/hugging-face-endpoint.md. Hugging Face has no such task and no schema. */
const Output = z.array(
  z.object({
    mask: z.nullable(
      z.union([
        z.string(),
        z.object({ size: RleMask.shape.size, counts: z.union([z.string(), z.array(z.int().check(z.gte(0)))]) }),
      ]),
    ),
    score: z.optional(z.nullable(Score)),
    model: z.optional(z.string().check(z.regex(/^[\w.:/-]{1,100}$/))),
  }),
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
  async ask({ boxes }, host) {
    const parameters = { boxes: boxes.map(({ box: { xmin, ymin, xmax, ymax } }) => [xmin, ymin, xmax, ymax]) };
    const answers = readShape(Output, await host.post({ inputs: host.base64(), parameters }));
    if (answers.length !== boxes.length)
      throw new StageError("invalid_output", "answered with another number of masks than of boxes");
    const masks = await Promise.all(answers.map((answer, index) => segmentedMask(answer, boxes[index]?.id ?? "")));
    if (masks.every(({ mask }) => mask === null)) throw new StageError("failed", "found nothing in any box");
    return { masks };
  },
});

/** Box-prompted masks by an endpoint of the operator's own: the router has no such task. */
export const boxPrompted: StageAdapter<"segmentation"> = {
  ...base,
  serves: base.serves.map((served) => ({ ...served, aliased: true })),
};

async function segmentedMask(
  { mask, score = null, model }: z.infer<typeof Output>[number],
  id: string,
): Promise<SegmentedMask> {
  const read = typeof mask === "string" ? await maskOfText(mask) : mask && maskOfCoco(mask.size, mask.counts);
  // An empty mask counts as none.
  if (!read || !rleBounds(read))
    return { id, mask: null, score: null, method: null, reason: "the endpoint gave no mask" };
  return { id, mask: read, score, method: model ?? "box-prompted", reason: null };
}
