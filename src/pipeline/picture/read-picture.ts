import type { Size } from "../../../schemas/primitives.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import { PictureError, type SniffedPicture, sniffPicture } from "../../image/sniff.ts";
import { stripMetadata } from "../../image/strip.ts";
import { sha256 } from "../../storage/digest.ts";

/** A picture whose header is known and whose metadata is gone. Its pixels were never decoded. */
export interface Picture {
  readonly type: SniffedPicture["type"];
  /** Upright: the frame of every box and mask in the answer. */
  readonly size: Size;
  /** EXIF orientation of the pixels as they are stored, 1 to 8. */
  readonly orientation: number;
  /** Of the bytes as received. */
  readonly sha256: string;
  /** Without metadata but for the orientation. */
  readonly bytes: Uint8Array;
  /** Whether the overlay's renderer can decode it. */
  readonly drawable: boolean;
}

/** Throws a `ProblemError` at `/image` for bytes that are no picture of ours, or one of too many pixels. */
export async function readPicture(bytes: Uint8Array): Promise<Picture> {
  try {
    const { type, upright, orientation, components } = sniffPicture(bytes);
    return {
      type,
      size: upright,
      orientation,
      sha256: await sha256(bytes),
      bytes: stripMetadata(bytes, type, orientation),
      drawable: type !== "image/webp" && components !== 4,
    };
  } catch (error) {
    if (!(error instanceof PictureError)) throw error;
    throw new ProblemError(error.code, error.detail, {
      errors: [{ pointer: "/image", detail: error.detail, value: `${bytes.length} bytes` }],
    });
  }
}
