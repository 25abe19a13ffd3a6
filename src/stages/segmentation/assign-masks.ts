import { boxIou, scaleBox } from "../../../schemas/geometry.ts";
import type { Box, RleMask, Size } from "../../../schemas/primitives.ts";
import { rleBounds } from "../../../schemas/rle.ts";
import type { SegmentationInput, SegmentedMask } from "../../../schemas/stages/segmentation.ts";
import { StageError } from "../model.ts";

/** One object that a model found. */
export interface FoundMask {
  /** Every reading that its mask's form allows; one where the form is known. */
  readonly readings: readonly RleMask[];
  readonly score: number | null;
}

/**
 * Assigns masks to boxes, at most one each, by the best IoU of a mask's bounds with a box. A concept model returns
 * other objects of the kind as well, in its own order (docs/reference/hosted-models.md, "Masks"): those are dropped.
 * Throws a `StageError` where no box has a mask.
 *
 * @param pictureSize size of the picture that the boxes lie in; a mask may have another
 */
export function assignMasks(
  boxes: SegmentationInput["boxes"],
  found: readonly FoundMask[],
  pictureSize: Size,
  method: string,
): SegmentedMask[] {
  const objects = found.map(({ score, readings }) => ({
    score,
    readings: readings.map((mask) => ({ mask, bounds: boundsOf(mask, pictureSize) })),
  }));
  const pairs = boxes.flatMap(({ id, box }) =>
    objects.flatMap((object) =>
      object.readings.flatMap(({ mask, bounds }) => {
        const iou = bounds ? boxIou(bounds, box) : 0;
        return iou > 0 ? [{ id, object, mask, iou }] : [];
      }),
    ),
  );
  const taken = new Set<object>();
  const masks = new Map<string, SegmentedMask>();
  for (const { id, object, mask } of pairs.toSorted((a, b) => b.iou - a.iou)) {
    if (taken.has(object) || masks.has(id)) continue;
    taken.add(object);
    masks.set(id, { id, mask, score: object.score, method, reason: null });
  }
  if (masks.size === 0) throw new StageError("nothing_found", "found nothing in any box");
  return boxes.map(
    ({ id }) => masks.get(id) ?? { id, mask: null, score: null, method: null, reason: "no mask overlaps this box" },
  );
}

function boundsOf(mask: RleMask, { width, height }: Size): Box | null {
  const bounds = rleBounds(mask);
  const [maskHeight, maskWidth] = mask.size;
  return bounds && scaleBox(bounds, width / maskWidth, height / maskHeight);
}
