import type { ProblemCode } from "../../schemas/problem.ts";

/** What a picture's own header says, before its type and its upright size. */
export interface PictureHeader {
  /** As stored. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number;
  /** Channels as stored: 4 in a JPEG is CMYK. */
  readonly components: number;
  readonly animated: boolean;
}

/** A picture that is not taken. `detail` is for the caller. */
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
