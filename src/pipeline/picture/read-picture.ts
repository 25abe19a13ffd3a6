import type { Size } from "../../../schemas/primitives.ts";
import { type Problem, ProblemError, problemDocument } from "../../../schemas/problem.ts";
import { cutOff } from "../../image/cut-off.ts";
import { PictureError, type SniffedPicture, sniffPicture } from "../../image/sniff.ts";
import { stripMetadata } from "../../image/strip.ts";
import { sha256 } from "../../storage/digest.ts";

/**
 * Bytes of memory that a byte of a picture takes: as it came, without its metadata, and in its stores. Set by hand with
 * `npm run bench:memory`.
 */
export const PICTURE_FACTOR = 3;

/** A caller's picture. Its header was read and its metadata removed; its pixels were not decoded. */
export interface Picture {
  readonly type: SniffedPicture["type"];
  /** Size of the upright picture: the frame of every box and mask in the answer. */
  readonly size: Size;
  /** EXIF orientation of the stored pixels, 1 to 8. */
  readonly orientation: number;
  /** SHA-256 of the bytes as received, in hexadecimal. */
  readonly sha256: string;
  /** Without metadata, except for the orientation. */
  readonly bytes: Uint8Array;
  /** Whether the overlay's renderer can decode it. */
  readonly drawable: boolean;
  /** The problem `picture_cut_off` of a file that ends too early; null for a whole one. */
  readonly cutOff: Problem | null;
}

/**
 * Reads the header of a picture and removes its metadata. Throws a `ProblemError` that points to `/image` when the
 * bytes are no supported picture, or its header claims too many pixels.
 */
export async function readPicture(bytes: Uint8Array): Promise<Picture> {
  try {
    const { type, upright, orientation, components } = sniffPicture(bytes);
    const problem = cutOffProblem(cutOff(bytes, type), bytes.length);
    return {
      type,
      size: upright,
      orientation,
      sha256: await sha256(bytes),
      bytes: stripMetadata(bytes, type, orientation),
      drawable: type !== "image/webp" && components !== 4 && !problem,
      cutOff: problem,
    };
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    throw new ProblemError(error.code, error.detail, {
      errors: [{ pointer: "/image", detail: error.detail, value: `${bytes.length} bytes` }],
    });
  }
}

function cutOffProblem(missing: string | null, length: number): Problem | null {
  if (missing === null) return null;
  const detail = `The picture is cut off: ${missing}. Models saw what came of it.`;
  return problemDocument("picture_cut_off", detail, {
    errors: [{ pointer: "/image", detail: `is cut off: ${missing}`, value: `${length} bytes` }],
  });
}
