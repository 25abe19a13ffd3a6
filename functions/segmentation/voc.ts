import * as ort from "onnxruntime-node";
import type { Box } from "../../schemas/primitives.ts";
import type { Picture } from "../pictures.ts";
import { loadModel, weightsEntry } from "../weights.ts";
import { cleanMask } from "./components.ts";
import { cropAround } from "./crop.ts";
import { placeBeyond, placeMask } from "./mask.ts";
import { bytesFrom, resample } from "./plane.ts";
import type { Segment } from "./segment.ts";

/** PASCAL VOC 2012's classes in its order, by their COCO names; 0 is the background. */
const COCO_NAMES: readonly string[] = [
  "background",
  "airplane",
  "bicycle",
  "bird",
  "boat",
  "bottle",
  "bus",
  "car",
  "cat",
  "chair",
  "cow",
  "dining table",
  "dog",
  "horse",
  "motorcycle",
  "person",
  "potted plant",
  "sheep",
  "couch",
  "train",
  "tv",
];

/** PASCAL VOC's number of a COCO class; null when VOC has no such class. */
export function vocClass(cocoName: string): number | null {
  const index = COCO_NAMES.indexOf(cocoName);
  return index > 0 ? index : null;
}

const WEIGHTS = "deeplab.onnx";
/** Sides of the model's input and output: one cell per 8 pixels. */
const SIDE = 513;
const CELLS = 65;
/** Cells of a crop's long side. A finer grid would only interpolate. */
const CROP_SIDE = 384;
/** Margin around the box, as a share of its sides: a box may be too small. */
const MARGIN = 0.1;

/**
 * The mask of one VOC class in a box; null when the box has nothing of the class. The score is null: the mean
 * probability inside the mask says nothing of its IoU (Spearman -0.01 over 46 composed pictures of cats and dogs).
 */
export type SegmentClass = (picture: Picture, box: Box, vocClass: number) => Promise<Segment | null>;

/** DeepLabV3 on the whole picture, once per picture and only when a box needs it. */
export async function loadVocSegmenter(): Promise<SegmentClass> {
  const model = await loadModel(WEIGHTS);
  const { method } = weightsEntry(WEIGHTS);
  return async (picture, box, wanted) => {
    const logits = await picture.feature(WEIGHTS, () => classLogits(model, picture));
    const crop = cropAround(picture, box, MARGIN, CROP_SIDE, 1);
    // The model's square input: the picture scaled to a long side of 513, with grey to the right or below.
    const side = Math.max(picture.width, picture.height);
    const frame = { xmin: 0, ymin: 0, xmax: side, ymax: side };
    const classes = COCO_NAMES.map((_, index) => {
      const data = logits.subarray(index * CELLS * CELLS, (index + 1) * CELLS * CELLS);
      return resample({ data, width: CELLS, height: CELLS, box: frame }, crop.box, crop.width, crop.height).data;
    });
    const data = cleanMask(bestClass(classes, wanted), crop);
    const mask = placeBeyond((limit) => placeMask({ ...crop, data }, 0.5, picture, limit), crop.box, box);
    return mask && { mask, score: null, method };
  };
}

/** 1 where no other class has a higher logit. */
function bestClass(classes: readonly Float32Array[], wanted: number): Uint8Array {
  const logits = classes[wanted] ?? new Float32Array();
  return bytesFrom(logits, (logit, cell) => (classes.every((values) => (values[cell] ?? 0) <= logit) ? 1 : 0));
}

/** The logits [21, 65, 65] of the picture. The padding is 0, which is the grey between black and white. */
async function classLogits(model: ort.InferenceSession, picture: Picture): Promise<Float32Array> {
  const scale = SIDE / Math.max(picture.width, picture.height);
  const width = Math.max(1, Math.round(picture.width * scale));
  const height = Math.max(1, Math.round(picture.height * scale));
  const { data } = await picture.resized(width, height);
  const plane = SIDE * SIDE;
  const input = new Float32Array(3 * plane);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      for (let channel = 0; channel < 3; channel++) {
        input[channel * plane + y * SIDE + x] = (data[(y * width + x) * 3 + channel] ?? 0) / 127.5 - 1;
      }
    }
  }
  const [name = ""] = model.inputNames;
  const outputs = await model.run({ [name]: new ort.Tensor("float32", input, [1, 3, SIDE, SIDE]) });
  const [output = ""] = model.outputNames;
  return outputs[output]?.data as Float32Array;
}
