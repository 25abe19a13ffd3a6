import { LIMITS } from "../../schemas/limits.ts";
import type { ProblemCode } from "../../schemas/problem.ts";

/** What the header of a picture file says. */
export interface PictureHeader {
  /** Width and height in pixels as stored, before the orientation is applied. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number;
  /** Channels as stored. A JPEG with 4 is CMYK or YCCK. */
  readonly components: number;
  readonly animated: boolean;
}

/** A picture that is refused. `detail` is a sentence for the caller. */
export class PictureError extends Error {
  readonly code: ProblemCode;
  readonly detail: string;

  constructor(code: ProblemCode, detail: string) {
    super(detail);
    this.name = "PictureError";
    this.code = code;
    this.detail = detail;
  }
}

/**
 * Throws `invalid_picture` when a file has more parts (segments or chunks) than any encoder writes: a file of empty
 * ones costs every reader more than its pixels.
 */
export function refuseTooManyParts(parts: number): void {
  if (parts <= LIMITS.pictureParts) return;
  const detail = `The picture's file has more than ${LIMITS.pictureParts} segments or chunks.`;
  throw new PictureError("invalid_picture", detail);
}
