import type { Box, Size } from "./primitives.ts";

/** The area of a box in square pixels; 0 for an empty box. */
export function boxArea(box: Box): number {
  return Math.max(0, box.xmax - box.xmin) * Math.max(0, box.ymax - box.ymin);
}

/** The part that two boxes share; an empty box when they share nothing. */
export function intersectBoxes(a: Box, b: Box): Box {
  const xmin = Math.max(a.xmin, b.xmin);
  const ymin = Math.max(a.ymin, b.ymin);
  return { xmin, ymin, xmax: Math.max(xmin, Math.min(a.xmax, b.xmax)), ymax: Math.max(ymin, Math.min(a.ymax, b.ymax)) };
}

/** The smallest box around two boxes. */
export function encloseBoxes(a: Box, b: Box): Box {
  return {
    xmin: Math.min(a.xmin, b.xmin),
    ymin: Math.min(a.ymin, b.ymin),
    xmax: Math.max(a.xmax, b.xmax),
    ymax: Math.max(a.ymax, b.ymax),
  };
}

/** Intersection over union of two boxes as continuous areas (no "+1" per side); 0 when both are empty. */
export function boxIou(a: Box, b: Box): number {
  const shared = boxArea(intersectBoxes(a, b));
  const union = boxArea(a) + boxArea(b) - shared;
  return union > 0 ? shared / union : 0;
}

/** The part of a box inside the picture; null when there is none or a coordinate is not a finite number. */
export function clampBox(box: Box, size: Size): Box | null {
  if (![box.xmin, box.ymin, box.xmax, box.ymax].every(Number.isFinite)) return null;
  const clamped = intersectBoxes(box, { xmin: 0, ymin: 0, xmax: size.width, ymax: size.height });
  return boxArea(clamped) > 0 ? clamped : null;
}

/** Multiply a box by a factor for each axis. */
export function scaleBox(box: Box, x: number, y: number): Box {
  return { xmin: box.xmin * x, ymin: box.ymin * y, xmax: box.xmax * x, ymax: box.ymax * y };
}
