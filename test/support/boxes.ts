import { boxArea, intersectBoxes } from "../../schemas/geometry.ts";
import type { Box, Size } from "../../schemas/primitives.ts";

/** Whether no two boxes overlap. */
export function areApart(boxes: readonly Box[]): boolean {
  return boxes.every((box, index) =>
    boxes.slice(index + 1).every((other) => boxArea(intersectBoxes(box, other)) === 0),
  );
}

/** Whether a box lies inside a frame whose top left corner is 0, 0. */
export function isInside(box: Box, { width, height }: Size): boolean {
  return box.xmin >= 0 && box.ymin >= 0 && box.xmax <= width && box.ymax <= height;
}
