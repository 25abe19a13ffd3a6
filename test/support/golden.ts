import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import sharp from "sharp";

const FOLDER = join(import.meta.dirname, "../golden");

/**
 * How two pictures differ: `mean` over all channels, of 255; `share` of the pixels that differ by more than `VISIBLE`
 * in a channel.
 */
export interface Difference {
  readonly mean: number;
  readonly share: number;
}

/** The smallest visible difference, of 255. Builds of the renderer differ at edges by less. */
const VISIBLE = 24;

/** The difference between two PNGs. Pictures of two sizes differ in everything. */
export async function difference(a: Uint8Array, b: Uint8Array): Promise<Difference> {
  const [one, other] = await Promise.all(
    [a, b].map((png) => sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })),
  );
  if (!one || !other || one.info.width !== other.info.width || one.info.height !== other.info.height)
    return { mean: 255, share: 1 };
  const distances = one.data.map((value, index) => Math.abs(value - (other.data[index] ?? 0)));
  let [sum, visible] = [0, 0];
  for (let index = 0; index < distances.length; index += 3) {
    const pixel = distances.subarray(index, index + 3);
    sum += pixel.reduce((total, distance) => total + distance, 0);
    if (pixel.some((distance) => distance > VISIBLE)) visible++;
  }
  return { mean: sum / distances.length, share: (visible * 3) / distances.length };
}

/**
 * Whether two pictures are the same to a reader. Two labels that differ in a digit differ in about 20 pixels, of the
 * 100,000 of a golden picture, and are not.
 */
export function alike({ mean, share }: Difference): boolean {
  return mean < 1.5 && share < 0.000_1;
}

/** The golden picture of that name. With `UPDATE_GOLDEN=1` in the environment it is first replaced by `png`. */
export async function golden(name: string, png: Uint8Array): Promise<Uint8Array> {
  const file = join(FOLDER, `${name}.png`);
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(
      file,
      await sharp(png).removeAlpha().png({ compressionLevel: 9, adaptiveFiltering: false }).toBuffer(),
    );
  }
  return readFileSync(file);
}
