import type { Box, Size } from "../../../schemas/primitives.ts";

/** `[x, y, w, h]` in whole pixels around the box, as a text (docs/reference/hosted-models.md, "Boxes"). */
export function cornerAndSides({ xmin, ymin, xmax, ymax }: Box): string {
  const [x, y] = [Math.floor(xmin), Math.floor(ymin)];
  return `[${x}, ${y}, ${Math.ceil(xmax) - x}, ${Math.ceil(ymax) - y}]`;
}

/** The whole pixels around a box, inside the picture and at least one each way. */
export function wholePixels({ xmin, ymin, xmax, ymax }: Box, { width, height }: Size): Box {
  const [left, top] = [clamp(Math.floor(xmin), 0, width - 1), clamp(Math.floor(ymin), 0, height - 1)];
  return {
    xmin: left,
    ymin: top,
    xmax: clamp(Math.ceil(xmax), left + 1, width),
    ymax: clamp(Math.ceil(ymax), top + 1, height),
  };
}

function clamp(number: number, least: number, most: number): number {
  return Math.min(most, Math.max(least, number));
}
