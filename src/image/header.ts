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
