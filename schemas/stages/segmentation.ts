import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { Box, RleMask, ranBy, Score, Size, TypeName } from "../primitives.ts";
import { PictureSource } from "./picture.ts";

/**
 * One mask for each box. With `warm` the picture is only prepared (decoded, its features computed), so that a later
 * call answers sooner.
 */
export const SegmentationInput = z.strictObject({
  image: PictureSource,
  /** Of the picture that is sent. */
  size: z.optional(Size),
  boxes: z._default(
    z
      .array(z.strictObject({ id: z.string().check(z.minLength(1)), box: Box, type: z.optional(TypeName) }))
      .check(z.maxLength(LIMITS.stageBoxes)),
    [],
  ),
  warm: z._default(z.boolean(), false),
});
export type SegmentationInput = z.infer<typeof SegmentationInput>;

/**
 * `mask` has the size of the picture that was sent. A mask that could not be made is null, with the reason. A box is
 * never passed off as a mask.
 */
export const SegmentedMask = z.object({
  id: z.string(),
  mask: z.nullable(RleMask),
  score: z.nullable(Score),
  method: z.nullable(z.string()),
  reason: z._default(z.nullable(z.string()), null),
});
export type SegmentedMask = z.infer<typeof SegmentedMask>;

export const SegmentationOutput = z.object({ ...ranBy, masks: z.array(SegmentedMask) });
export type SegmentationOutput = z.infer<typeof SegmentationOutput>;
