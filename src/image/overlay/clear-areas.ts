import { gmnerTypeOf } from "../../../schemas/labels.ts";
import type { Box, RleMask } from "../../../schemas/primitives.ts";
import type { Entity, Region } from "../../../schemas/recognize.ts";
import { columnRuns } from "../../../schemas/rle.ts";

/** The upper part of a person in which the face is, as a share of the height. Set by hand. */
const FACE = 0.3;

/**
 * The part of a region that labels leave free where there is room elsewhere, in pixels of the drawing: of a person the
 * part with the face, of printed words all; null for other things.
 *
 * @param box the region's, in pixels of the drawing
 * @param mask the region's, at the size of the drawn picture
 * @param picture the drawn picture's top left corner
 */
export function clearArea(
  { type }: Pick<Entity, "type">,
  { evidence }: Pick<Region, "evidence">,
  box: Box,
  mask: RleMask | null,
  picture: { readonly x: number; readonly y: number },
): Box | null {
  if (evidence === "print") return box;
  if (gmnerTypeOf(type) !== "PER") return null;
  const face = mask && topOf(mask);
  if (!face) return { ...box, ymax: box.ymin + FACE * (box.ymax - box.ymin) };
  const { x, y } = picture;
  return { xmin: face.xmin + x, ymin: face.ymin + y, xmax: face.xmax + x, ymax: face.ymax + y };
}

/** The bounds of a mask's upper part; null for a mask without pixels. */
function topOf(mask: RleMask): Box | null {
  const runs = [...columnRuns(mask)];
  let [top, bottom] = [Number.POSITIVE_INFINITY, 0];
  for (const run of runs) [top, bottom] = [Math.min(top, run.top), Math.max(bottom, run.bottom)];
  if (runs.length === 0) return null;
  const ymax = Math.ceil(top + FACE * (bottom - top));
  let [xmin, xmax] = [Number.POSITIVE_INFINITY, 0];
  for (const run of runs) if (run.top < ymax) [xmin, xmax] = [Math.min(xmin, run.x), Math.max(xmax, run.x + 1)];
  return { xmin, ymin: top, xmax, ymax };
}
