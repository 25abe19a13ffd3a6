import type { Box, Size } from "../../schemas/primitives.ts";
import { TEXT_DETECTION_WEIGHTS } from "../detect/text.ts";
import type { Picture } from "../pictures.ts";
import { weightsEntry } from "../weights.ts";
import { labColours } from "./colour.ts";
import { cleanMask, components } from "./components.ts";
import { type Crop, cropAround, cropPixels } from "./crop.ts";
import { fitsBox, placeMask } from "./mask.ts";
import { bytesFrom, type Plane, resample } from "./plane.ts";
import type { Segment } from "./segment.ts";

/** Cells of a crop's long side. */
const CROP_SIDE = 384;
/** Least probability of a text pixel: PaddleOCR's `det_db_thresh`. */
const TEXT = 0.3;
/**
 * The detector is trained on shrunk lines, so its marks are grown by this ratio: PaddleOCR's `det_db_unclip_ratio`.
 */
const UNCLIP = 1.5;

/** Margin around the box, as a share of its sides: the paper around the letters helps to tell them from it. */
const MARGIN = 0.1;
/** Letters fill this share of the marked area, else they were not told apart and the area is the mask. Set by hand. */
const [LEAST_LETTERS, MOST_LETTERS] = [0.08, 0.7];
/** Largest distance of two colours that the histogram tells apart: black and white have 100. */
const MOST_DISTANCE = 160;

/**
 * The letters of the printed text in a box: the cells of the area that the detector marks whose colour differs from the
 * paper's. When letters and paper cannot be told apart, the mask is the whole area. Null when nothing is marked.
 */
export async function segmentText(map: Plane<Float32Array>, picture: Picture, box: Box): Promise<Segment | null> {
  const crop = cropAround(picture, box, MARGIN, CROP_SIDE, 16);
  const probability = resample(map, crop.box, crop.width, crop.height).data;
  const core = cleanMask(
    bytesFrom(probability, (value) => (value > TEXT ? 1 : 0)),
    crop,
  );
  const area = unclip(core, crop);
  const letters = lettersIn(area, labColours(await cropPixels(picture, crop)));
  dropOutside(letters, crop, box);
  const share = letters.reduce((count, value) => count + (value > 0.5 ? 1 : 0), 0) / Math.max(1, countOf(area));
  const mask = placeMask({ ...crop, data: letters }, 0.5, picture, crop.box);
  const isCut = mask !== null && share >= LEAST_LETTERS && share <= MOST_LETTERS && fitsBox(mask, box);
  const made = isCut ? mask : placeMask({ ...crop, data: area }, 0.5, picture, box);
  return made && { mask: made, score: null, method: weightsEntry(TEXT_DETECTION_WEIGHTS).method };
}

/**
 * How much each cell of the text's area is a letter, 0 to 1, above 0.5 in letters: how far its colour is from the
 * paper's, which is the median colour outside the area. Otsu's threshold (IEEE SMC 9(1), 1979) divides the distances,
 * so light print on dark is as good as dark on light. Strokes are few cells wide: values between 0 and 1 keep where in
 * a cell their edge lies.
 */
export function lettersIn(area: Uint8Array, lab: Float32Array): Float32Array {
  const paperLabel = area.includes(0) ? 0 : 1;
  const paper = [0, 1, 2].map((channel) => {
    const values = new Float32Array(area.length);
    let count = 0;
    area.forEach((label, cell) => {
      if (label === paperLabel) values[count++] = lab[3 * cell + channel] ?? 0;
    });
    return values.subarray(0, count).sort()[count >> 1] ?? 0;
  });
  const [light = 0, redness = 0, yellowness = 0] = paper;
  const distance = new Float32Array(area.length);
  area.forEach((isText, cell) => {
    if (!isText) return;
    const [l = 0, a = 0, b = 0] = [lab[3 * cell], lab[3 * cell + 1], lab[3 * cell + 2]];
    distance[cell] = Math.hypot(l - light, a - redness, b - yellowness);
  });
  const histogram = new Float64Array(MOST_DISTANCE);
  distance.forEach((value, cell) => {
    const bin = Math.min(MOST_DISTANCE - 1, Math.floor(value));
    if (area[cell]) histogram[bin] = (histogram[bin] ?? 0) + 1;
  });
  const threshold = otsu(histogram);
  return distance.map((value) => Math.min(1, value / (2 * Math.max(1, threshold))));
}

/** Clear the letters of which most lies outside the box, in place; the others stay whole. */
function dropOutside(letters: Float32Array, crop: Crop, box: Box): void {
  const { box: frame, width, height } = crop;
  const isSet = bytesFrom(letters, (value) => (value > 0.5 ? 1 : 0));
  for (const { cells } of components(isSet, crop, 1)) {
    const inside = cells.reduce((count, cell) => {
      const x = frame.xmin + (((cell % width) + 0.5) / width) * (frame.xmax - frame.xmin);
      const y = frame.ymin + ((Math.floor(cell / width) + 0.5) / height) * (frame.ymax - frame.ymin);
      return count + (x >= box.xmin && x < box.xmax && y >= box.ymin && y < box.ymax ? 1 : 0);
    }, 0);
    if (2 * inside < cells.length) for (const cell of cells) letters[cell] = 0;
  }
}

/** The lower edge of the upper class: the division with the most variance between the classes. */
function otsu(histogram: Float64Array): number {
  const total = histogram.reduce((sum, count) => sum + count, 0);
  const sum = histogram.reduce((weighted, count, value) => weighted + count * value, 0);
  let [below, sumBelow, best, most] = [0, 0, 0, -1];
  histogram.forEach((count, value) => {
    below += count;
    sumBelow += count * value;
    if (below === 0 || below === total) return;
    const between = below * (total - below) * (sumBelow / below - (sum - sumBelow) / (total - below)) ** 2;
    if (between > most) [best, most] = [value + 1, between];
  });
  return best;
}

function countOf(mask: Uint8Array): number {
  return mask.reduce((sum, set) => sum + set, 0);
}

/**
 * Grow each connected component by area × 1.5 / perimeter of its bounds, as the detector's authors do (arXiv
 * 1911.08947, section 3.5).
 */
export function unclip(mask: Uint8Array, { width, height }: Size): Uint8Array {
  const grown = new Uint8Array(mask.length);
  for (const { cells } of components(mask, { width, height }, 1)) {
    const part = new Uint8Array(mask.length);
    let [left, top, right, bottom] = [width, height, 0, 0];
    for (const cell of cells) {
      const x = cell % width;
      const y = (cell - x) / width;
      [left, top, right, bottom] = [
        Math.min(left, x),
        Math.min(top, y),
        Math.max(right, x + 1),
        Math.max(bottom, y + 1),
      ];
      part[cell] = 1;
    }
    const radius = Math.round((((right - left) * (bottom - top)) / (2 * (right - left + bottom - top))) * UNCLIP);
    for (let y = 0; y < height; y++) growLine(part, y * width, 1, width, radius);
    for (let x = 0; x < width; x++) growLine(part, x, width, height, radius);
    part.forEach((set, cell) => {
      if (set) grown[cell] = 1;
    });
  }
  return grown;
}

/** Set every cell within `radius` of a set cell on the same row or column, in place. */
function growLine(mask: Uint8Array, start: number, stride: number, length: number, radius: number): void {
  const isSet = new Uint8Array(length);
  for (let index = 0; index < length; index++) isSet[index] = mask[start + index * stride] ?? 0;
  let [forward, backward] = [-1, length];
  for (let index = 0; index < length; index++) {
    const mirror = length - 1 - index;
    if (isSet[index]) forward = index + radius;
    if (isSet[mirror]) backward = mirror - radius;
    if (index <= forward) mask[start + index * stride] = 1;
    if (mirror >= backward) mask[start + mirror * stride] = 1;
  }
}
