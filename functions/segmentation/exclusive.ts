import { boxArea, boxIou, intersectBoxes } from "../../schemas/geometry.ts";
import type { Box, RleMask } from "../../schemas/primitives.ts";
import { rleArea, rleBounds, rleDifference, rleShared } from "../../schemas/rle.ts";
import { fitsBox } from "./mask.ts";

/** IoU from which two boxes are of the same thing: their masks may be the same. */
export const SAME_THING_IOU = 0.9;

/** The mask of a box; where two meet, the one of the higher layer is in front. */
export interface Layered {
  readonly box: Box;
  readonly mask: RleMask;
  readonly layer?: number | undefined;
}

/**
 * The parts of masks that can be seen, in their order, when each pixel belongs to one of them: null for a mask of which
 * too little would remain to fit its box. In front is the mask of the higher layer, within one layer the smaller one:
 * what is behind is seldom seen whole. A mask that would lose its fit is put in front if all others keep theirs.
 */
export function visibleParts(masks: readonly Layered[]): Array<RleMask | null> {
  const order = masks
    .map(({ box, mask, layer = 0 }, index) => ({ index, fits: fitsBox(mask, box), layer, area: rleArea(mask) }))
    .toSorted((a, b) => Number(b.fits) - Number(a.fits) || b.layer - a.layer || a.area - b.area || a.index - b.index);
  const placed = new Map<number, RleMask>();
  for (const { index, fits } of order) {
    const { box, mask } = masks[index] as Layered;
    const meeting = [...placed].filter(([, other]) => meets(mask, other));
    const behind = meeting.reduce((rest, [, other]) => rleDifference(rest, other), mask);
    if (fits && !fitsBox(behind, box)) {
      const yielding = meeting.map(([other, part]) => [other, rleDifference(part, mask)] as const);
      if (yielding.every(([other, part]) => fitsBox(part, (masks[other] as Layered).box))) {
        for (const [other, part] of yielding) placed.set(other, part);
        placed.set(index, mask);
      }
    } else if (rleArea(behind) > 0) placed.set(index, behind);
  }
  return masks.map((_, index) => placed.get(index) ?? null);
}

function meets(a: RleMask, b: RleMask): boolean {
  const [boundsA, boundsB] = [rleBounds(a), rleBounds(b)];
  return boundsA !== null && boundsB !== null && boxArea(intersectBoxes(boundsA, boundsB)) > 0 && rleShared(a, b) > 0;
}

/**
 * For each box the index of the box whose mask it shares: the first one that shows the same thing, which is itself when
 * none before it does.
 */
export function sameThings(boxes: readonly Box[]): number[] {
  const firsts: number[] = [];
  boxes.forEach((box, index) => {
    const known = boxes.findIndex(
      (other, place) => place < index && firsts[place] === place && boxIou(other, box) >= SAME_THING_IOU,
    );
    firsts.push(known < 0 ? index : known);
  });
  return firsts;
}
