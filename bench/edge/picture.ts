import sharp from "sharp";
import { LIMITS } from "../../schemas/limits.ts";

/** Bytes of a pixel in an ordinary photo as JPEG. */
const BYTES_A_PIXEL = 0.4;

/**
 * An upright square JPEG of noise of nearly so many bytes, and no larger than models see pictures. The Worker decodes
 * no photo, so what it shows does not matter. Throws when it has less than 85 % of the bytes.
 */
export async function jpegOf(bytes: number): Promise<Buffer> {
  const side = Math.min(LIMITS.modelSide, Math.round(Math.sqrt(bytes / BYTES_A_PIXEL)));
  const create = { width: side, height: side, channels: 3, background: "#808080" } as const;
  const noise = sharp({ create: { ...create, noise: { type: "gaussian", mean: 128, sigma: 40 } } });
  const raw = { width: side, height: side, channels: 3 } as const;
  const pixels = await noise.raw().toBuffer();
  let largest = Buffer.alloc(0);
  for (let [low, high] = [1, 100]; low <= high; ) {
    const quality = Math.ceil((low + high) / 2);
    const jpeg = await sharp(pixels, { raw }).jpeg({ quality, chromaSubsampling: "4:4:4" }).toBuffer();
    if (jpeg.length > bytes) high = quality - 1;
    else {
      largest = jpeg;
      low = quality + 1;
    }
  }
  if (largest.length < 0.85 * bytes) throw new Error(`the picture has only ${largest.length} bytes`);
  return largest;
}
