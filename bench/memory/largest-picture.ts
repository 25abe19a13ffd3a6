import { randomBytes } from "node:crypto";
import sharp from "sharp";
import { LIMITS } from "../../schemas/limits.ts";

/**
 * The photo enlarged to a square of the most pixels that a picture may have, as a JPEG of at least 95 % of the bytes
 * that an upload may have. Noise brings it to that size: bisection finds how much. Throws when it does not.
 */
export async function largestPicture(
  photo: Buffer,
  pixels: number = LIMITS.picturePixels,
  bytes: number = LIMITS.uploadBytes,
): Promise<Buffer> {
  const side = Math.floor(Math.sqrt(pixels));
  const raw = { width: side, height: side, channels: 3 } as const;
  const enlarged = await sharp(photo).removeAlpha().resize(side, side).raw().toBuffer();
  let largest = Buffer.alloc(0);
  for (let [low, high, steps] = [1, 60, 10]; steps > 0 && largest.length < bytes * 0.99; steps--) {
    const sigma = (low + high) / 2;
    const noise = await sharp({
      create: { ...raw, background: "#808080", noise: { type: "gaussian", mean: 128, sigma } },
    })
      .raw()
      .toBuffer();
    const noisy = enlarged.map((value, index) => Math.max(0, Math.min(255, value + (noise[index] ?? 128) - 128)));
    const jpeg = await sharp(noisy, { raw }).jpeg({ quality: 75 }).toBuffer();
    if (jpeg.length > bytes) high = sigma;
    else {
      low = sigma;
      largest = jpeg;
    }
  }
  if (largest.length < bytes * 0.95) throw new Error(`the picture has only ${largest.length} bytes`);
  return largest;
}

/** A PNG of nothing but noise, of nearly so many bytes: the most that so few pixels can have. */
export function noisePng(bytes: number): Promise<Buffer> {
  const side = Math.floor(Math.sqrt((0.98 * bytes) / 3));
  const raw = { width: side, height: side, channels: 3 } as const;
  return sharp(randomBytes(3 * side * side), { raw })
    .png()
    .toBuffer();
}
