import { clampBox, encloseBoxes, scaleBox } from "../../schemas/geometry.ts";
import type { Box } from "../../schemas/primitives.ts";

/** The probability of text per cell, row by row. The cells together cover `box` (picture coordinates). */
export interface TextMap {
  readonly data: Float32Array;
  readonly width: number;
  readonly height: number;
  readonly box: Box;
}

/** Least probability of a text cell: PaddleOCR's `det_db_thresh`. */
const TEXT = 0.3;
/**
 * Least mean probability of a line. PaddleOCR's `det_db_box_thresh` is 0.6, which misses faint print. Set by hand.
 */
const LINE = 0.5;
/** Least height and width of a line, in cells: PaddleOCR's `min_size`. */
const LEAST_SIDE = 3;
/**
 * The detector is trained on shrunk lines. Each is grown by area × this / perimeter (arXiv 1911.08947, section 3.5).
 */
const UNCLIP = 1.6;
/**
 * Largest gap between two words of one line, as a share of their height: the detector splits widely spaced words. Set
 * by hand.
 */
const WORD_GAP = 0.5;
/** Least vertical overlap of two words of one row, as a share of the taller one. Set by hand. */
const SAME_ROW = 0.7;

/** The boxes of printed lines, in picture coordinates, left to right. */
export function textBoxes(map: TextMap): Box[] {
  const { width, height, box: whole } = map;
  const boxes: Box[] = [];
  for (const part of connectedParts(map)) {
    const [partWidth, partHeight] = [part.xmax - part.xmin, part.ymax - part.ymin];
    if (Math.min(partWidth, partHeight) < LEAST_SIDE || part.mean < LINE) continue;
    const grow = (partWidth * partHeight * UNCLIP) / (2 * (partWidth + partHeight));
    const grown = { xmin: part.xmin - grow, ymin: part.ymin - grow, xmax: part.xmax + grow, ymax: part.ymax + grow };
    const clamped = clampBox(grown, map);
    if (clamped) boxes.push(scaleBox(clamped, (whole.xmax - whole.xmin) / width, (whole.ymax - whole.ymin) / height));
  }
  return joinRows(boxes);
}

/** Join neighbours of one row, so that a name of several words is in one line. */
export function joinRows(boxes: readonly Box[]): Box[] {
  const joined: Box[] = [];
  for (const box of boxes.toSorted((a, b) => a.xmin - b.xmin)) {
    const index = joined.findIndex((left) => areNeighbours(left, box));
    const left = joined[index];
    if (left) joined[index] = encloseBoxes(left, box);
    else joined.push(box);
  }
  return joined;
}

function areNeighbours(left: Box, right: Box): boolean {
  const height = Math.max(left.ymax - left.ymin, right.ymax - right.ymin);
  const overlap = Math.min(left.ymax, right.ymax) - Math.max(left.ymin, right.ymin);
  return right.xmin - left.xmax < WORD_GAP * height && overlap >= SAME_ROW * height;
}

/** Bounds and mean probability of each 4-connected component of text cells. */
function connectedParts({ data, width, height }: TextMap): Array<Box & { mean: number }> {
  const visited = new Uint8Array(data.length);
  const parts: Array<Box & { mean: number }> = [];
  for (let start = 0; start < data.length; start++) {
    if (visited[start] || (data[start] ?? 0) < TEXT) continue;
    const waiting: number[] = [];
    const visit = (cell: number) => {
      if (visited[cell] || (data[cell] ?? 0) < TEXT) return;
      visited[cell] = 1;
      waiting.push(cell);
    };
    visit(start);
    const part = { xmin: width, ymin: height, xmax: 0, ymax: 0, mean: 0 };
    let sum = 0;
    let count = 0;
    for (let cell = waiting.pop(); cell !== undefined; cell = waiting.pop()) {
      const x = cell % width;
      const y = (cell - x) / width;
      part.xmin = Math.min(part.xmin, x);
      part.ymin = Math.min(part.ymin, y);
      part.xmax = Math.max(part.xmax, x + 1);
      part.ymax = Math.max(part.ymax, y + 1);
      sum += data[cell] ?? 0;
      count++;
      if (x > 0) visit(cell - 1);
      if (x < width - 1) visit(cell + 1);
      if (y > 0) visit(cell - width);
      if (y < height - 1) visit(cell + width);
    }
    parts.push({ ...part, mean: sum / count });
  }
  return parts;
}
