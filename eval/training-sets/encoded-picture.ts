import { readFile } from "node:fs/promises";
import sharp from "sharp";
import { isWhole } from "../readers/picture-check.ts";

/** A picture as a training set has it. */
export interface EncodedPicture {
  /** Standard base64 of a file that decodes to the upright picture. */
  readonly base64: string;
  /** The size of the upright picture in pixels. */
  readonly width: number;
  readonly height: number;
  /** Whether it was written anew because its file is not upright. */
  readonly isTurned: boolean;
}

/** Of a picture that is turned: photos lose nothing that a model at 512 pixels sees. */
const JPEG_QUALITY = 95;

/**
 * Encodes a picture: the file's bytes as they are, unless its EXIF orientation says that it has to be turned. The
 * readers of training sets ignore the orientation (PIL), while boxes are pixels of the upright picture, so such a
 * picture is turned and written as JPEG.
 *
 * @returns null when the file is no picture, is cut off, or is an SVG, which PIL cannot read. Throws when it cannot be
 *   read.
 */
export async function encodePicture(file: string): Promise<EncodedPicture | null> {
  const bytes = await readFile(file);
  if (!(await isWhole(bytes))) return null;
  const { format, width, height, orientation = 1, autoOrient } = await sharp(bytes).metadata();
  if (format === "svg") return null;
  if (orientation === 1) return { base64: bytes.toString("base64"), width, height, isTurned: false };
  const turned = await sharp(bytes).autoOrient().jpeg({ quality: JPEG_QUALITY, chromaSubsampling: "4:4:4" }).toBuffer();
  return { base64: turned.toString("base64"), ...autoOrient, isTurned: true };
}
