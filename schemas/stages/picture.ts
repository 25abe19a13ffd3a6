import * as z from "zod/mini";
import { LIMITS } from "../limits.ts";
import { ranBy, Size } from "../primitives.ts";

/** A picture (JPEG, PNG or WebP) as a base64 data URL, or as a link that whoever is asked can follow. */
export const PictureSource = z.string().check(z.regex(/^(?:data:|https?:\/\/)/));

/** A picture as a base64 data URL. */
export const PictureDataUrl = z.string().check(z.startsWith("data:"));

/**
 * Turn upright, drop metadata, convert to 8-bit RGB JPEG and shrink until the long side is at most `max_side`. Never
 * enlarges.
 */
export const PictureInput = z.strictObject({
  image: PictureSource,
  max_side: z._default(z.int().check(z.gte(1), z.lte(LIMITS.modelSide)), LIMITS.modelSide),
});
export type PictureInput = z.infer<typeof PictureInput>;

/** `image` has the size `width` × `height`; `original` is the upright size before shrinking. */
export const PictureOutput = z.object({ ...ranBy, image: PictureDataUrl, ...Size.shape, original: Size });
export type PictureOutput = z.infer<typeof PictureOutput>;
