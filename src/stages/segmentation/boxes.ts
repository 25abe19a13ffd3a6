import type { Box } from "../../../schemas/primitives.ts";

/** `[x, y, w, h]` in whole pixels around the box, as a text (docs/reference/hosted-models.md, "Boxes"). */
export function cornerAndSides({ xmin, ymin, xmax, ymax }: Box): string {
  const [x, y] = [Math.floor(xmin), Math.floor(ymin)];
  return `[${x}, ${y}, ${Math.ceil(xmax) - x}, ${Math.ceil(ymax) - y}]`;
}
