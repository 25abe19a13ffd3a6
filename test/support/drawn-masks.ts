import fc from "fast-check";
import sharp from "sharp";
import type { RleMask } from "../../schemas/primitives.ts";
import { decodeRle, encodeRle } from "./rle.ts";

/** Masks of up to 20 by 12 pixels, each as its pixels in rows and as RLE. */
export const drawnMasks = fc
  .tuple(fc.integer({ min: 1, max: 20 }), fc.integer({ min: 1, max: 12 }))
  .chain(([width, height]) =>
    fc
      .array(fc.integer({ min: 0, max: 1 }), { minLength: width * height, maxLength: width * height })
      .map((data) => ({ data, width, height, mask: encodeRle(data, { width, height }) })),
  );

/** A mask of a rectangle, 4 by 4 pixels at (3, 2), in a picture of 10 by 6. */
export const SQUARE: RleMask = encodeRle(
  Uint8Array.from({ length: 60 }, (_, index) => Number(index % 10 >= 3 && index % 10 < 7 && index >= 20)),
  { width: 10, height: 6 },
);

/**
 * The mask as a PNG that sharp writes.
 *
 * @param samplesOf the samples of a pixel that is set (1) or clear (0), one a channel
 */
export async function sharpPng(
  mask: RleMask,
  channels: 1 | 2 | 3 | 4,
  samplesOf: (set: number) => number[],
  options = {},
): Promise<Uint8Array> {
  const [height, width] = mask.size;
  const data = Buffer.from([...decodeRle(mask)].flatMap(samplesOf));
  return new Uint8Array(await sharp(data, { raw: { width, height, channels } }).png(options).toBuffer());
}
