import { LIMITS } from "./limits.ts";
import type { Box, RleMask, Size } from "./primitives.ts";
import { columnRuns, encodeColumns } from "./rle.ts";

/**
 * How to turn stored pixels upright, by EXIF orientation (EXIF 2.32, section 4.6.4): first swap the axes, then mirror
 * from left to right (x) and from top to bottom (y).
 */
const TURNS: Readonly<
  Record<number, { readonly swap: boolean; readonly mirrorX: boolean; readonly mirrorY: boolean }>
> = {
  2: { swap: false, mirrorX: true, mirrorY: false },
  3: { swap: false, mirrorX: true, mirrorY: true },
  4: { swap: false, mirrorX: false, mirrorY: true },
  5: { swap: true, mirrorX: false, mirrorY: false },
  6: { swap: true, mirrorX: true, mirrorY: false },
  7: { swap: true, mirrorX: true, mirrorY: true },
  8: { swap: true, mirrorX: false, mirrorY: true },
};
const UPRIGHT = { swap: false, mirrorX: false, mirrorY: false };
const turnOf = (orientation: number) => TURNS[orientation] ?? UPRIGHT;

/** The orientation that reverses another one: turning upright pixels by it gives the stored pixels. */
export function inverseOrientation(orientation: number): number {
  return orientation === 6 ? 8 : orientation === 8 ? 6 : orientation;
}

/** The size of a picture once its stored pixels are turned upright. */
export function turnSize({ width, height }: Size, orientation: number): Size {
  return turnOf(orientation).swap ? { width: height, height: width } : { width, height };
}

/** Turn a box on stored pixels, whose size is `stored`, into a box on the upright picture. */
export function turnBox(box: Box, orientation: number, stored: Size): Box {
  const { swap, mirrorX, mirrorY } = turnOf(orientation);
  const { width, height } = turnSize(stored, orientation);
  const [left, right] = swap ? [box.ymin, box.ymax] : [box.xmin, box.xmax];
  const [top, bottom] = swap ? [box.xmin, box.xmax] : [box.ymin, box.ymax];
  return {
    xmin: mirrorX ? width - right : left,
    ymin: mirrorY ? height - bottom : top,
    xmax: mirrorX ? width - left : right,
    ymax: mirrorY ? height - top : bottom,
  };
}

/**
 * Turn a mask on stored pixels into a mask on the upright picture. The time depends on the number of runs and not on
 * the number of pixels. Throws a `RangeError` when the counts are malformed, do not fill
 * the size or become too many.
 */
export function turnRle(mask: RleMask, orientation: number): RleMask {
  const { swap, mirrorX, mirrorY } = turnOf(orientation);
  if (!swap && !mirrorX && !mirrorY) return mask;
  const [height, width] = mask.size;
  const upright = turnSize({ width, height }, orientation);
  const stored = columnsOf(mask);
  let columns = swap ? swapAxes(stored, height) : stored;
  if (mirrorX) columns = columns.reverse();
  if (mirrorY) columns = columns.map((edges) => edges.map((y) => upright.height - y).reverse());
  return encodeColumns(columns, upright);
}

/** The edges of the runs of set pixels in each column: top, bottom, top, bottom, … */
function columnsOf(mask: RleMask): number[][] {
  const columns = Array.from({ length: mask.size[1] }, (): number[] => []);
  for (const { x, top, bottom } of columnRuns(mask)) columns[x]?.push(top, bottom);
  return columns;
}

/**
 * The edges of each row, from those of the columns: row y has an edge at x when columns x − 1 and x differ there.
 * Throws a `RangeError` where they are too many for a mask.
 */
function swapAxes(columns: readonly number[][], height: number): number[][] {
  const rows = Array.from({ length: height }, (): number[] => []);
  let before: readonly number[] = [];
  let count = 0;
  for (let x = 0; x <= columns.length; x++) {
    const column = columns[x] ?? [];
    const changed = [...before, ...column].sort((a, b) => a - b);
    // Between an odd edge and the next, exactly one of the two columns is set.
    for (let edge = 0; edge + 1 < changed.length; edge += 2) {
      const [top, bottom] = [changed[edge] ?? 0, changed[edge + 1] ?? 0];
      count += bottom - top;
      if (count > LIMITS.maskCounts) throw new RangeError("too many runs");
      for (let y = top; y < bottom; y++) rows[y]?.push(x);
    }
    before = column;
  }
  return rows;
}
