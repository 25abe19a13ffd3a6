import type { RleMask } from "../../../schemas/primitives.ts";
import { rleBounds } from "../../../schemas/rle.ts";
import { StageError } from "../model.ts";
import { maskOfPlainPicture } from "../replies/read-mask.ts";

/** The mask of the only box, from a file of the output. Throws a `StageError` for a broken file and an empty mask. */
export async function maskOfFile(bytes: Uint8Array): Promise<RleMask> {
  const mask = await maskOfPlainPicture(bytes);
  if (!rleBounds(mask)) throw new StageError("failed", "found nothing in the box");
  return mask;
}
