import type { StageError } from "../../stages/model.ts";

/** The codes that say that a picture cannot be decoded. */
export type PictureCode = "invalid_picture" | "picture_too_many_pixels";

/** Whether an error's code says that the picture cannot be decoded. */
export function isPictureCode(code: string): code is PictureCode {
  return code === "invalid_picture" || code === "picture_too_many_pixels";
}

/**
 * Whether the picture may be the cause of a failed call that had one. Many hosts answer 400 or 422 to a picture that
 * they cannot read, and do not say why.
 */
export function blamesPicture({ code }: StageError): boolean {
  return isPictureCode(code) || code === "rejected";
}
