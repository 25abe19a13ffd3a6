import { boxIou, clampBox } from "../../schemas/geometry.ts";
import type { Box, Size } from "../../schemas/primitives.ts";
import type { Picture } from "../pictures.ts";
import { loadModel, readWeights } from "../weights.ts";
import { COCO_NAMES } from "./coco.ts";
import { floatsOf, planarTensor } from "./tensor.ts";

/** A detected object: `label` is one of COCO's 80 class names, `box` is in picture coordinates and inside it. */
export interface DetectedObject {
  readonly label: string;
  readonly box: Box;
  readonly score: number;
}

/** What the detector says of a picture. */
export interface FoundObjects {
  /** The picture's objects, highest score first. */
  readonly objects: readonly DetectedObject[];
  /** The labels of which there is a trace: a detection, perhaps too weak for an object. */
  readonly traces: ReadonlySet<string>;
}

export interface ObjectDetector {
  /** Computed once for a picture. */
  detect(picture: Picture): Promise<FoundObjects>;
}

/** The weights' file in the manifest; `weightsEntry` gives their name in answers. */
export const OBJECT_WEIGHTS = "coco-ssd.onnx.br";
const ANCHOR_WEIGHTS = "coco-ssd-anchors.bin";

const SIDE = 300;
const CLASSES = 91;
/** Least score of a detection. Set by hand: at 0.3 the moon of examples/photos/poster.jpg is a frisbee. */
const LEAST_SCORE = 0.4;
/**
 * Least score of a trace. Where a label leaves none, there is hardly anything of the kind (training/measure-misses.ts).
 * Set by hand: in nine photos of examples/ without people, one shows a trace of somebody (0.17, behind a car).
 */
const LEAST_TRACE = 0.15;
/** IoU from which two boxes of one class are one object (the model's own export uses 0.6). Set by hand. */
const SAME_OBJECT_IOU = 0.5;
/** The box coder's scales of centre and size (TensorFlow Object Detection API, faster_rcnn_box_coder: 10, 10, 5, 5). */
const CENTRE_SCALE = 10;
const SIZE_SCALE = 5;

let loaded: Promise<ObjectDetector> | undefined;

/** Load COCO-SSD; all callers share one session. Throws when the weights differ from their manifest. */
export function loadObjectDetector(): Promise<ObjectDetector> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<ObjectDetector> {
  const [session, anchorBytes] = await Promise.all([loadModel(OBJECT_WEIGHTS, true), readWeights(ANCHOR_WEIGHTS)]);
  const anchors = new Float32Array(new Uint8Array(anchorBytes).buffer);
  const [encodingName = "", scoreName = ""] = session.outputNames;
  const detect = async (picture: Picture): Promise<FoundObjects> => {
    const pixels = await picture.resized(SIDE, SIDE);
    const image = planarTensor(pixels, [0, 1, 2], (value) => value / 127.5 - 1);
    const outputs = await session.run({ image });
    const found = readObjects(floatsOf(outputs[encodingName]), floatsOf(outputs[scoreName]), anchors, picture);
    return {
      objects: found.filter(({ score }) => score >= LEAST_SCORE),
      traces: new Set(found.map(({ label }) => label)),
    };
  };
  return { detect: (picture) => picture.feature(OBJECT_WEIGHTS, detect) };
}

/**
 * The objects and their traces in the raw output of a single-shot detector, highest score first.
 * @param encodings [anchors × 4] y, x, height, width relative to the anchor, scaled
 * @param scores [anchors × 91] one probability per class, class 0 the background
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
    if (!label || score < LEAST_TRACE) continue;
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

/** Greedy non-maximum suppression within each class, highest score first. */
function suppress(found: DetectedObject[]): DetectedObject[] {
  const kept: DetectedObject[] = [];
  for (const object of found.toSorted((a, b) => b.score - a.score)) {
    if (kept.every((other) => other.label !== object.label || boxIou(other.box, object.box) < SAME_OBJECT_IOU))
      kept.push(object);
  }
  return kept;
}
