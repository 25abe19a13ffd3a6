import { rleBounds } from "../../../schemas/rle.ts";
import type { SegmentationInput, SegmentedMask } from "../../../schemas/stages/segmentation.ts";
import type { Files } from "../adapters/replicate.ts";
import { StageError } from "../model.ts";
import { maskOfPlainPicture } from "../replies/read-mask.ts";
import { onlyBox } from "./boxes.ts";

/**
 * The only box's mask out of a file of the output. Throws a `StageError`; a file that is gone, broken or black is one.
 */
export async function maskOfFile(
  address: string,
  input: SegmentationInput,
  files: Files,
  method: string,
): Promise<SegmentedMask> {
  const mask = await maskOfPlainPicture(await files.get(address));
  if (!rleBounds(mask)) throw new StageError("failed", "found nothing in the box");
  return { id: onlyBox(input).id, mask, score: null, method, reason: null };
}
