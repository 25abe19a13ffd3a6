import * as z from "zod/mini";
import { RleMask, Score } from "../../../schemas/primitives.ts";
import { rleBounds } from "../../../schemas/rle.ts";
import type { SegmentedMask } from "../../../schemas/stages/segmentation.ts";
import { huggingFaceAdapter, huggingFacePrice } from "../adapters/huggingface.ts";
import { StageError } from "../model.ts";
import { maskOfCoco, maskOfText } from "../replies/read-mask.ts";
import { readShape } from "../replies/read-shape.ts";
import { askedWithBoxes } from "./boxes.ts";

/**
 * Our own, for the vendor publishes no schema of this task (hosted-apis section 2.5): docs/hugging-face-endpoint.md.
 * One for each box, in order.
 */
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
    title: "any dedicated endpoint that cuts boxes out as docs/hugging-face-endpoint.md says",
    ...huggingFacePrice,
    returns: "the masks of all boxes in one call, with the endpoint's scores",
    cannot: "be had from the router: the vendor has no such task, so the endpoint's handler is one's own",
  },
  async ask({ image, boxes }, host) {
    if (!image.startsWith("data:")) throw new StageError("rejected", "must be given the picture itself");
    const parameters = { boxes: boxes.map(({ box: { xmin, ymin, xmax, ymax } }) => [xmin, ymin, xmax, ymax]) };
    const answers = readShape(Output, await host.post({ inputs: image.slice(image.indexOf(",") + 1), parameters }));
    if (answers.length !== boxes.length)
      throw new StageError("invalid_output", "answered with more or fewer masks than there were boxes");
    const masks = await Promise.all(answers.map((answer, index) => segmentedMask(answer, boxes[index]?.id ?? "")));
    if (masks.every(({ mask }) => mask === null)) throw new StageError("failed", "found nothing in any box");
    return { masks };
  },
});

/** Box-prompted masks by an endpoint of the operator's own: the router has no such task. */
export const boxPrompted = askedWithBoxes({
  ...base,
  serves: base.serves.map((served) => ({ ...served, aliased: true })),
});

async function segmentedMask(
  { mask, score = null, model }: z.infer<typeof Output>[number],
  id: string,
): Promise<SegmentedMask> {
  const read = typeof mask === "string" ? await maskOfText(mask) : mask && maskOfCoco(mask.size, mask.counts);
  // A mask of nothing is none.
  if (!read || !rleBounds(read))
    return { id, mask: null, score: null, method: null, reason: "the endpoint gave no mask" };
  return { id, mask: read, score, method: model ?? "box-prompted", reason: null };
}
