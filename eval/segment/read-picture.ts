import { readFile } from "node:fs/promises";
import { basename } from "node:path";
import sharp from "sharp";
import { isWhole } from "../readers/picture-check.ts";
import type { PictureFile } from "./service.ts";

/** A picture's bytes and its size once it is upright; null when the file is no picture, or is cut off. */
export async function readPictureFile(path: string): Promise<PictureFile | null> {
  const bytes = await readFile(path);
  if (!(await isWhole(bytes))) return null;
  const { width, height } = (await sharp(bytes).metadata()).autoOrient;
  return { name: basename(path), bytes: new Uint8Array(bytes), size: { width, height } };
}
