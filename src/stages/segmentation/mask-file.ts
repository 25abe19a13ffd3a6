import type { RleMask, Size } from "../../../schemas/primitives.ts";
import { rleBounds } from "../../../schemas/rle.ts";
import { StageError } from "../model.ts";
import { maskOfPlainPicture, mostPixelsFor } from "../replies/read-mask.ts";

/**
 * The mask of the only box, from a file of the output. Throws a `StageError` for a broken file and an empty mask.
 *
 * @param size of the picture
 */
export async function maskOfFile(bytes: Uint8Array, size: Size): Promise<RleMask> {
  const mask = await maskOfPlainPicture(bytes, mostPixelsFor(size));
  if (!rleBounds(mask)) throw new StageError("nothing_found", "found nothing in the box");
  return mask;
}
