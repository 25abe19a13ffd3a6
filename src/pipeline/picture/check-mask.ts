import { boxIou } from "../../../schemas/geometry.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { turnRle, turnSize } from "../../../schemas/orientation.ts";
import type { Box, RleMask, Size } from "../../../schemas/primitives.ts";
import type { MaskReason } from "../../../schemas/recognize.ts";
import { canonicalRle, resizeRle, rleArea, rleAreaInside, rleBounds } from "../../../schemas/rle.ts";

/** Largest relative difference between the aspect ratios of a mask and of the picture. */
const ASPECT_TOLERANCE = 0.01;

/** A mask that fits its box, or why it was refused. */
export type CheckedMask =
  | { readonly mask: RleMask; readonly reason: null }
  | { readonly mask: null; readonly reason: MaskReason };

/**
 * A model's mask, turned and scaled to the caller's picture, with the string that pycocotools writes, so that one mask
 * has one digest. It is refused when it is empty or malformed, when its aspect ratio is not the picture's, when less
 * than `LIMITS.maskInsideBox` of its area lies inside its box, and when the IoU of its bounds with the box is less than
 * `LIMITS.maskBoundsIou`.
 *
 * @param mask in the pixels that the model saw, whose EXIF orientation is `orientation`
 * @param box in pixels of the caller's upright picture, whose size is `size`
 */
export function checkMask(mask: RleMask, box: Box, size: Size, orientation: number): CheckedMask {
  const [maskHeight, maskWidth] = mask.size;
  const { width, height } = turnSize({ width: maskWidth, height: maskHeight }, orientation);
  const aspect = (width / height) * (size.height / size.width);
  // No valid mask has more pixels than the largest picture. Turning a larger one would take too much memory.
  if (Math.abs(aspect - 1) > ASPECT_TOLERANCE || width * height > LIMITS.picturePixels)
    return { mask: null, reason: "bounds_differ" };
  try {
    const scaled = resizeRle(turnRle(canonicalRle(mask), orientation), size);
    const area = rleArea(scaled);
    const bounds = rleBounds(scaled);
    if (!bounds) return { mask: null, reason: "no_mask" };
    if (rleAreaInside(scaled, box) < LIMITS.maskInsideBox * area) return { mask: null, reason: "outside_box" };
    if (boxIou(bounds, box) < LIMITS.maskBoundsIou) return { mask: null, reason: "bounds_differ" };
    return { mask: scaled, reason: null };
  } catch (error) {
    if (error instanceof RangeError) return { mask: null, reason: "no_mask" };
    throw error;
  }
}
