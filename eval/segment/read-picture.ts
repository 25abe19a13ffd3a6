import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import sharp from "sharp";
import type { Size } from "../../schemas/primitives.ts";
import { isWhole } from "../readers/picture-check.ts";

/** A post's picture as it is sent. */
export interface PictureFile {
  readonly name: string;
  readonly bytes: Uint8Array<ArrayBuffer>;
  /** In pixels of the upright picture, in which boxes and masks count. */
  readonly size: Size;
}

/** A picture's bytes and its size once it is upright; null when the file is no picture, or is cut off. */
export async function readPictureFile(path: string): Promise<PictureFile | null> {
  const bytes = await readFile(path);
  if (!(await isWhole(bytes))) return null;
  const { width, height } = (await sharp(bytes).metadata()).autoOrient;
  return { name: basename(path), bytes: new Uint8Array(bytes), size: { width, height } };
}
