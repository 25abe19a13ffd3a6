import type { Box } from "./primitives.ts";

const STEPS_PER_PIXEL = 100;
const STEPS_PER_SCORE = 10_000;

/**
 * The box with coordinates of two decimals, as answers give it. A box inside a picture stays inside it, and one that is
 * not empty stays so: where both edges would round to the same value, they become 0.01 pixels apart.
 */
export function roundBox({ xmin, ymin, xmax, ymax }: Box): Box {
  const [left, right] = roundEdges(xmin, xmax);
  const [top, bottom] = roundEdges(ymin, ymax);
  return { xmin: left, ymin: top, xmax: right, ymax: bottom };
}

function roundEdges(low: number, high: number): [low: number, high: number] {
  let first = Math.round(low * STEPS_PER_PIXEL);
  let last = Math.round(high * STEPS_PER_PIXEL);
  if (first >= last && low < high) {
    // Not above the upper edge: it may be the picture's own.
    first = Math.min(Math.floor(low * STEPS_PER_PIXEL), Math.ceil(high * STEPS_PER_PIXEL) - 1);
    last = first + 1;
  }
  // Adding 0 turns -0 into 0.
  return [first / STEPS_PER_PIXEL + 0, last / STEPS_PER_PIXEL + 0];
}

/** A score with four decimals, as answers give it. Compare scores with thresholds before rounding them. */
export function roundScore<Value extends number | null>(score: Value): Value;
export function roundScore(score: number | null): number | null {
  return score === null ? null : Math.round(score * STEPS_PER_SCORE) / STEPS_PER_SCORE + 0;
}

/** Whole milliseconds, as answers give them. */
export function roundMilliseconds(milliseconds: number): number {
  return Math.round(milliseconds) + 0;
}
