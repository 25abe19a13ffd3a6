import * as z from "zod/mini";
import { toNanoDollars, UsdAmount } from "../../schemas/money.ts";
import { RleMask, type Size } from "../../schemas/primitives.ts";
import { rleArea } from "../../schemas/rle.ts";
import { notNamesight } from "../../scripts/batch/fault.ts";
import { PostFailed } from "./failure.ts";

/** The mask of a box, or why there is none: a `mask_reason` of the API, or one of `boxInPicture`. */
export const BoxResult = z.union([z.strictObject({ mask: RleMask }), z.strictObject({ reason: z.string() })]);
export type BoxResult = z.infer<typeof BoxResult>;

export interface SegmentReply {
  /** One for each box, in their order. Masks have the size of the upright picture. */
  readonly results: readonly BoxResult[];
  /** What the answer was charged, in nano-dollars. */
  readonly cost: number;
}

/** The part of an answer of `POST /v1/segment` that is used. */
const Answer = z.object({
  image: z.object({ width: z.int(), height: z.int() }),
  masks: z.array(z.object({ mask: z.nullable(RleMask), mask_reason: z.nullable(z.string()) })),
  charge: z.nullable(z.object({ amount_usd: UsdAmount })),
});

/**
 * What an answer says of so many boxes of a picture.
 *
 * @param origin of the deployment, for the error
 * @throws Refused when it is no answer of `POST /v1/segment`; PostFailed when it is about another picture, or has a
 *   mask that cannot be read
 */
export function replyOf(value: unknown, boxes: number, size: Size, origin: string): SegmentReply {
  const { data } = Answer.safeParse(value);
  if (!data || data.masks.length !== boxes) throw notNamesight(200, origin);
  const { image, masks, charge } = data;
  if (image.width !== size.width || image.height !== size.height) {
    const sizes = `${image.width} × ${image.height} pixels, and the file has ${size.width} × ${size.height}`;
    throw new PostFailed(`the answer is about a picture of ${sizes}`);
  }
  const results = masks.map(({ mask, mask_reason }) => resultOf(mask, mask_reason, size));
  return { results, cost: charge === null ? 0 : toNanoDollars(charge.amount_usd) };
}

function resultOf(mask: RleMask | null, reason: string | null, { width, height }: Size): BoxResult {
  if (mask === null) return { reason: reason ?? "no_mask" };
  if (mask.size[0] !== height || mask.size[1] !== width)
    throw new PostFailed(`a mask has the size [${mask.size.join(", ")}], and the picture [${height}, ${width}]`);
  try {
    return rleArea(mask) > 0 ? { mask } : { reason: "no_mask" };
  } catch (error) {
    throw new PostFailed(`a mask cannot be read: ${(error as Error).message}`);
  }
}
