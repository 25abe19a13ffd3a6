import { boxIou, clampBox } from "../../schemas/geometry.ts";
import type { Box, Size } from "../../schemas/primitives.ts";
import type { Picture } from "../pictures.ts";
import { loadModel, readWeights } from "../weights.ts";
import { COCO_NAMES } from "./coco.ts";
import { floatsOf, planarTensor } from "./tensor.ts";

/** A thing that the detector knows: `label` is one of COCO's 80 class names, `box` lies in the picture. */
export interface DetectedObject {
  readonly label: string;
  readonly box: Box;
  readonly score: number;
}

export interface ObjectDetector {
  /** The picture's objects, surest first; computed once for a picture. */
  detect(picture: Picture): Promise<readonly DetectedObject[]>;
}

/** The manifest's name of the weights; `weightsEntry` tells what they are called in an answer. */
export const OBJECT_WEIGHTS = "coco-ssd.onnx";
const ANCHOR_WEIGHTS = "coco-ssd-anchors.bin";

const SIDE = 300;
const CLASSES = 91;
/** Score from which a detection counts. Set by hand: at 0.3 the moon of examples/photos/poster.jpg is a frisbee. */
const SURE = 0.4;
/** Two boxes of one class that share this much are one thing (the model's own export uses 0.6). Set by hand. */
const SAME = 0.5;
/** The box coder's scales of centre and size (TensorFlow's faster_rcnn_box_coder: 10, 10, 5, 5). */
const CENTRE_SCALE = 10;
const SIZE_SCALE = 5;

let loaded: Promise<ObjectDetector> | undefined;

/** COCO-SSD. Every caller shares one session. Throws when the weights are not what their manifest says. */
export function loadObjectDetector(): Promise<ObjectDetector> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<ObjectDetector> {
  const [session, anchorBytes] = await Promise.all([loadModel(OBJECT_WEIGHTS), readWeights(ANCHOR_WEIGHTS)]);
  const anchors = new Float32Array(new Uint8Array(anchorBytes).buffer);
  const [encodingName = "", scoreName = ""] = session.outputNames;
  const detect = async (picture: Picture): Promise<readonly DetectedObject[]> => {
    const pixels = await picture.resized(SIDE, SIDE);
    const image = planarTensor(pixels, [0, 1, 2], (value) => value / 127.5 - 1);
    const outputs = await session.run({ image });
    return readObjects(floatsOf(outputs[encodingName]), floatsOf(outputs[scoreName]), anchors, picture);
  };
  return { detect: (picture) => picture.feature(OBJECT_WEIGHTS, detect) };
}

/**
 * The objects that a single-shot detector's raw answer tells of.
 * @param encodings [anchors × 4] y, x, height, width relative to the anchor, scaled
 * @param scores [anchors × 91] one probability a class, class 0 the background
 * @param anchors [anchors × 4] ymin, xmin, ymax, xmax as shares of the picture
 */
export function readObjects(
  encodings: Float32Array,
  scores: Float32Array,
  anchors: Float32Array,
  size: Size,
): DetectedObject[] {
  const found: DetectedObject[] = [];
  for (let anchor = 0; anchor * 4 < anchors.length; anchor++) {
    const { number, score } = bestClass(scores, anchor);
    const label = COCO_NAMES[number];
    if (!label || score < SURE) continue;
    const box = clampBox(decodeBox(encodings, anchors, anchor * 4, size), size);
    if (box) found.push({ label, box, score });
  }
  return suppress(found);
}

function bestClass(scores: Float32Array, anchor: number): { number: number; score: number } {
  let best = { number: 0, score: 0 };
  for (let number = 1; number < CLASSES; number++) {
    const score = scores[anchor * CLASSES + number] ?? 0;
    if (score > best.score) best = { number, score };
  }
  return best;
}

function decodeBox(encodings: Float32Array, anchors: Float32Array, at: number, { width, height }: Size): Box {
  const [ymin = 0, xmin = 0, ymax = 0, xmax = 0] = anchors.subarray(at, at + 4);
  const [dy = 0, dx = 0, dh = 0, dw = 0] = encodings.subarray(at, at + 4);
  const [anchorHeight, anchorWidth] = [ymax - ymin, xmax - xmin];
  const y = (ymin + anchorHeight / 2 + (dy / CENTRE_SCALE) * anchorHeight) * height;
  const x = (xmin + anchorWidth / 2 + (dx / CENTRE_SCALE) * anchorWidth) * width;
  const halfHeight = (Math.exp(dh / SIZE_SCALE) * anchorHeight * height) / 2;
  const halfWidth = (Math.exp(dw / SIZE_SCALE) * anchorWidth * width) / 2;
  return { xmin: x - halfWidth, ymin: y - halfHeight, xmax: x + halfWidth, ymax: y + halfHeight };
}

/** Greedy non-maximum suppression within each class, surest first. */
function suppress(found: DetectedObject[]): DetectedObject[] {
  const kept: DetectedObject[] = [];
  for (const object of found.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => other.label !== object.label || boxIou(other.box, object.box) < SAME)) kept.push(object);
  }
  return kept;
}
