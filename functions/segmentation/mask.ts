import { boxIou, clampBox } from "../../schemas/geometry.ts";
import { LIMITS } from "../../schemas/limits.ts";
import type { Box, RleMask, Size } from "../../schemas/primitives.ts";
import { encodeRuns, rleArea, rleAreaInside, rleBounds } from "../../schemas/rle.ts";
import { type Plane, readAxis } from "./plane.ts";

/**
 * The mask of the pixels whose centre is in `within` and where the plane, interpolated bilinearly, exceeds `threshold`;
 * null when there are none. The runs are written column by column, so that memory grows with the outline and not with
 * the picture.
 */
export function placeMask(plane: Plane, threshold: number, picture: Size, within: Box): RleMask | null {
  const inside = clampBox(within, picture);
  if (!inside) return null;
  const left = Math.ceil(inside.xmin - 0.5);
  const top = Math.ceil(inside.ymin - 0.5);
  const width = Math.ceil(inside.xmax - 0.5) - left;
  const height = Math.ceil(inside.ymax - 0.5) - top;
  const xs = readAxis(plane.box.xmin, plane.box.xmax, plane.width, left, 1, width);
  const ys = readAxis(plane.box.ymin, plane.box.ymax, plane.height, top, 1, height);
  const column = new Float32Array(plane.height);
  const runs: Array<[start: number, end: number]> = [];
  for (let x = 0; x < width; x++) {
    const across = xs.weight[x] ?? 0;
    for (let row = 0; row < plane.height; row++) {
      const start = row * plane.width;
      column[row] =
        (plane.data[start + (xs.low[x] ?? 0)] ?? 0) * (1 - across) +
        (plane.data[start + (xs.high[x] ?? 0)] ?? 0) * across;
    }
    const first = (left + x) * picture.height + top;
    let run = -1;
    for (let y = 0; y < height; y++) {
      const down = ys.weight[y] ?? 0;
      const set = (column[ys.low[y] ?? 0] ?? 0) * (1 - down) + (column[ys.high[y] ?? 0] ?? 0) * down > threshold;
      if (set && run < 0) run = y;
      if (!set && run >= 0) {
        runs.push([first + run, first + y]);
        run = -1;
      }
    }
    if (run >= 0) runs.push([first + run, first + height]);
  }
  return runs.length === 0 ? null : encodeRuns(runs, [picture.height, picture.width]);
}

/** The shares of the margin around a box that a mask is tried with, largest first. */
const MARGIN_SHARES = [1, 0.75, 0.5, 0.25];

/**
 * A mask that may leave its box, because a box can be too small. `place` makes a mask inside a limit. The limit begins
 * at `outer` and shrinks until the mask fits the box, so that a neighbour in the margin is left out. When no limit
 * fits, the result is the mask inside the box, which may not fit it.
 */
export function placeBeyond(place: (limit: Box) => RleMask | null, outer: Box, box: Box): RleMask | null {
  for (const share of MARGIN_SHARES) {
    const side = (name: keyof Box) => box[name] + (outer[name] - box[name]) * share;
    const mask = place({ xmin: side("xmin"), ymin: side("ymin"), xmax: side("xmax"), ymax: side("ymax") });
    if (mask && fitsBox(mask, box)) return mask;
  }
  return place(box);
}

/**
 * Whether a mask fits its box: `LIMITS.maskInsideBox` of its area is inside, and its bounds reach an IoU of
 * `LIMITS.maskBoundsIou` with the box.
 */
export function fitsBox(mask: RleMask, box: Box): boolean {
  const bounds = rleBounds(mask);
  if (!bounds || boxIou(bounds, box) < LIMITS.maskBoundsIou) return false;
  return rleAreaInside(mask, box) >= LIMITS.maskInsideBox * rleArea(mask);
}
