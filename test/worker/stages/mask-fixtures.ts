import type { Box, RleMask, Size } from "../../../schemas/primitives.ts";
import { compressCounts } from "../../../schemas/rle.ts";
import { base64, greyPng } from "../../support/png.ts";
import { DELIVERY } from "./harness.ts";

/** The size of the picture that models are sent. */
export const SENT: Size = { width: 20, height: 12 };
export const IMAGE = "https://namesight.test/p";
export const VERSION = "a".repeat(64);

export const box = (xmin: number, ymin: number, xmax: number, ymax: number): Box => ({ xmin, ymin, xmax, ymax });

/** The stage's input for boxes with the ids b1, b2, … */
export const boxes = (...all: Box[]) => ({
  image: IMAGE,
  size: SENT,
  warm: false,
  boxes: all.map((each, index) => ({ id: `b${index + 1}`, box: each })),
});

const within = ({ xmin, ymin, xmax, ymax }: Box, x: number, y: number) =>
  x >= xmin && x < xmax && y >= ymin && y < ymax;

/** COCO's counts of a rectangle, column by column, clear pixels first (cocoapi, common/maskApi.c). */
export function countsOf(set: Box, { width, height }: Size = SENT): number[] {
  const column = (x: number) => Array.from({ length: height }, (_, y) => within(set, x, y));
  const pixels = Array.from({ length: width }, (_, x) => column(x)).flat();
  const counts = [0];
  let value = false;
  for (const pixel of pixels) {
    if (pixel !== value) {
      counts.push(0);
      value = pixel;
    }
    counts.push((counts.pop() ?? 0) + 1);
  }
  return counts;
}

/** The mask of a rectangle in the stage's output. */
export const maskOf = (set: Box, { width, height }: Size = SENT): RleMask => ({
  size: [height, width],
  counts: compressCounts(countsOf(set, { width, height })),
});

/** A white rectangle on black, as a grey PNG. */
export function maskPng(set: Box, { width, height }: Size = SENT): Promise<Uint8Array> {
  return greyPng({ width, height }, (x, y) => (within(set, x, y) ? 255 : 0));
}

/** A file that a prediction's output names, and its address. */
export function delivered(bytes: Uint8Array, name = "mask.0.png", type = "image/png") {
  return { url: `${DELIVERY}/pbxt/${name}`, files: { [`pbxt/${name}`]: { type, base64: base64(bytes) } } };
}
