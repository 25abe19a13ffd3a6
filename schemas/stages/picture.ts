import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { ranBy } from "../primitives.ts";

/** A picture (JPEG, PNG or WebP) as a base64 data URL, or as a link that the model can follow. */
export const PictureSource = z.string().check(z.regex(/^(?:data:|https?:\/\/)/));

/** A JPEG, PNG or WebP as a base64 data URL. Its type becomes part of drawings, so it is one of these. */
export const PictureDataUrl = z
  .string()
  .check(z.maxLength(LIMITS.replyBytes), z.regex(/^data:image\/(?:jpeg|png|webp);base64,/));

/**
 * A picture to turn upright, to convert to an 8-bit RGB JPEG without metadata, and to shrink until its long side is at
 * most `max_side` pixels. It is never enlarged.
 */
export const PictureInput = z.strictObject({
  image: PictureSource,
  max_side: z._default(z.int().check(z.gte(1), z.lte(LIMITS.modelSide)), LIMITS.modelSide),
});
export type PictureInput = z.infer<typeof PictureInput>;

const side = (most: number) => z.int().check(z.gte(1), z.lte(most));

/** The picture with its size. `original` is its upright size before shrinking. */
export const PictureOutput = z.object({
  ...ranBy,
  image: PictureDataUrl,
  width: side(LIMITS.modelSide),
  height: side(LIMITS.modelSide),
  original: z.object({ width: side(LIMITS.picturePixels), height: side(LIMITS.picturePixels) }),
});
export type PictureOutput = z.infer<typeof PictureOutput>;
