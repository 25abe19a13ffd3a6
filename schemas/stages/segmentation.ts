import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import {
  AnsweredId,
  Box,
  Expression,
  listOf,
  ModelName,
  RleMask,
  ranBy,
  Score,
  Size,
  TypeName,
} from "../primitives.ts";
import { PictureSource } from "./picture.ts";

/** A box, and for models that use them the type and a description of what it shows. */
const PromptedBox = z.strictObject({
  id: z.string().check(z.minLength(1)),
  box: Box,
  type: z.optional(TypeName),
  expression: z.optional(Expression),
});

/**
 * A picture, and boxes in it to segment. With `warm`, the model only prepares the picture (decodes it and computes its
 * features), so that a later call is faster.
 */
export const SegmentationInput = z.strictObject({
  image: PictureSource,
  /** The size of the picture that is sent, in pixels. */
  size: z.optional(Size),
  boxes: z._default(z.array(PromptedBox).check(z.maxLength(LIMITS.stageBoxes)), []),
  warm: z._default(z.boolean(), false),
});
export type SegmentationInput = z.infer<typeof SegmentationInput>;

/** A mask as a model returns it. */
const ModelMask = z
  .extend(RleMask, { counts: RleMask.shape.counts.check(z.maxLength(LIMITS.maskLength)) })
  .check(z.refine(({ size: [height, width] }) => height * width <= LIMITS.picturePixels, { path: ["size"] }));

/**
 * The mask of one box, at the size of the picture that was sent; null with a reason when the model made none. A model
 * must not return the box itself as a mask.
 */
export const SegmentedMask = z.object({
  id: AnsweredId,
  mask: z.nullable(ModelMask),
  score: z.nullable(Score),
  method: z.nullable(ModelName),
  reason: z._default(z.nullable(z.string().check(z.maxLength(LIMITS.detailLength))), null),
});
export type SegmentedMask = z.infer<typeof SegmentedMask>;

export const SegmentationOutput = z.object({
  ...ranBy,
  masks: listOf(SegmentedMask, LIMITS.stageBoxes).check(
    z.refine((masks) => masks.reduce((sum, { mask }) => sum + (mask?.counts.length ?? 0), 0) <= LIMITS.masksLength),
  ),
});
export type SegmentationOutput = z.infer<typeof SegmentationOutput>;
