import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import sharp, { type OutputInfo } from "sharp";

/** A post of the examples, with its picture decoded to 8-bit RGB. */
export interface DecodedPost {
  readonly text: string;
  readonly fileName: string;
  readonly pixels: Buffer;
  readonly info: Pick<OutputInfo, "width" | "height" | "channels">;
}

/** The posts in a folder, in the order of their file names. Throws when there are none. */
export async function decodePosts(folder: string): Promise<readonly DecodedPost[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).sort();
  if (files.length === 0) throw new Error(`${folder} has no posts`);
  return Promise.all(
    files.map(async (file) => {
      const { text, image } = JSON.parse(await readFile(join(folder, file), "utf8")) as { text: string; image: string };
      const { data, info } = await sharp(join(folder, image))
        .toColourspace("srgb")
        .removeAlpha()
        .raw()
        .toBuffer({ resolveWithObject: true });
      return { text, fileName: basename(image), pixels: data, info };
    }),
  );
}

/**
 * The post's picture as JPEG with noise in the lowest bits, so that no cache has it. Equal indices give equal bytes.
 */
export async function noisyPicture(index: number, { pixels, info }: DecodedPost): Promise<Buffer> {
  const { width, height, channels } = info;
  const noisy = pixels.map((value, offset) => value ^ (Math.imul(offset + 1 + index * 7_919, 2_654_435_761) >>> 31));
  return sharp(noisy, { raw: { width, height, channels } }).jpeg({ quality: 92 }).toBuffer();
}
