import type { Box } from "./primitives.ts";

/** A probability or confidence as answers give it: 4 decimal places. */
export function roundScore(score: number): number {
  return Math.round(score * 1e4) / 1e4;
}

/** A box as answers give it: 0.01 pixel. A box that would become empty stays as it is. */
export function roundBox(box: Box): Box {
  const [xmin, ymin, xmax, ymax] = [box.xmin, box.ymin, box.xmax, box.ymax].map(
    (pixels) => Math.round(pixels * 100) / 100,
  );
  const rounded = { xmin, ymin, xmax, ymax } as Box;
  return rounded.xmin < rounded.xmax && rounded.ymin < rounded.ymax ? rounded : box;
}

/** A duration as answers give it: whole milliseconds. */
export function roundMilliseconds(milliseconds: number): number {
  return Math.round(milliseconds);
}
