import { boxArea, intersectBoxes } from "../../../schemas/geometry.ts";
import type { Box, Size } from "../../../schemas/primitives.ts";

/** What a label needs: the box that it names and its own size, in pixels of the drawing. */
export interface LabelRequest extends Size {
  readonly box: Box;
}

/**
 * A place for each label: above its box, below its top edge, below the box, at its right edge, or shifted down from there, whichever first
 * touches no label that lies already; where all of them do, the one that covers least. Every place lies inside the frame.
 */
export function placeLabels(requests: readonly LabelRequest[], frame: Size): Box[] {
  const placed: Box[] = [];
  for (const request of requests) {
    const candidates = candidatesOf(request).map((corner) => inside(corner, request, frame));
    const covers = (place: Box) => placed.reduce((sum, other) => sum + boxArea(intersectBoxes(place, other)), 0);
    const best = candidates
      .map((place) => ({ place, cost: covers(place) }))
      .reduce((least, next) => (next.cost < least.cost ? next : least));
    placed.push(best.place);
  }
  return placed;
}

/** How far down the box a label may be shifted, in its own heights. */
const SHIFTS = [1, 2, 3, 4];

function candidatesOf({ box, width, height }: LabelRequest): Array<{ x: number; y: number }> {
  return [
    { x: box.xmin, y: box.ymin - height },
    { x: box.xmin, y: box.ymin },
    { x: box.xmax - width, y: box.ymin - height },
    { x: box.xmin, y: box.ymax },
    { x: box.xmin, y: box.ymax - height },
    ...SHIFTS.map((shift) => ({ x: box.xmin, y: box.ymin + shift * height })),
    ...SHIFTS.map((shift) => ({ x: box.xmax - width, y: box.ymin + shift * height })),
  ];
}

function inside({ x, y }: { x: number; y: number }, { width, height }: Size, frame: Size): Box {
  const xmin = Math.max(0, Math.min(x, frame.width - width));
  const ymin = Math.max(0, Math.min(y, frame.height - height));
  return { xmin, ymin, xmax: Math.min(frame.width, xmin + width), ymax: Math.min(frame.height, ymin + height) };
}
