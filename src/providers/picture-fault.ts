import { StageError } from "./stage-error.ts";

/** The part of an error's text that is read, in UTF-16 code units. */
export const ERROR_TEXT = 4_000;

/** What decoders and hosts say of a picture that they cannot read: Pillow, OpenCV, TensorFlow and the LLM APIs. */
const TEXTS =
  /cannot identify image|image file is truncated|broken (png|data stream)|truncated file read|(decode|process|parse|invalid|unsupported|corrupt\w*)[ _]+(the |input |an )?image/i;

/** The error of a call that failed because of its picture, as the host's text shows; null when it does not. */
export function pictureFault(text: string): StageError | null {
  return TEXTS.test(text.slice(0, ERROR_TEXT)) ? new StageError("invalid_picture", "cannot read the picture") : null;
}
