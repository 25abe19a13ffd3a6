import * as ort from "onnxruntime-node";
import type { Box, Size } from "../../schemas/primitives.ts";
import type { Picture, Pixels } from "../pictures.ts";
import { placeMask } from "./mask.ts";
import type { SamWeights } from "./sam-weights.ts";
import { attempt, type Outcome, type Segment, type Segmenter } from "./segment.ts";

/** Side of the encoder's square input, and long side of the picture in it. */
const SIDE = 1024;
/** Mean and standard deviation of ImageNet's RGB values, 0 to 255, as in segment-anything's `Sam.preprocess`. */
const MEAN = [123.675, 116.28, 103.53] as const;
const DEVIATION = [58.395, 57.12, 57.375] as const;
/** A pixel is in the mask when its logit exceeds this (`Sam.mask_threshold`). */
const THRESHOLD = 0;
/** Labels of a box's two corners as point prompts (`SamOnnxModel`). */
const [TOP_LEFT, BOTTOM_RIGHT] = [2, 3];

/**
 * Segment Anything (Kirillov et al., arXiv 2304.02643), prompted by boxes: the encoder and decoder of its ONNX export.
 */
export function createSam({ encoder, decoder, method, version }: SamWeights): Segmenter {
  const embed = (picture: Picture) =>
    picture.feature("sam", async () => {
      const { width, height } = samSize(picture);
      const [name = ""] = encoder.inputNames;
      const input = samInput(await picture.resized(width, height));
      const outputs = await encoder.run({ [name]: new ort.Tensor("float32", input, [1, 3, SIDE, SIDE]) });
      const [output = ""] = encoder.outputNames;
      return outputs[output]?.data as Float32Array;
    });
  return {
    model: method,
    version,
    warm: async (picture) => {
      await embed(picture);
    },
    segment: async (picture, requests, pause) => {
      const outcomes: Outcome[] = [];
      for (const { box } of requests) {
        await pause();
        outcomes.push(await attempt(() => segmentBox(picture, box)));
      }
      return outcomes;
    },
  };

  async function segmentBox(picture: Picture, box: Box): Promise<Segment | null> {
    const size = samSize(picture);
    const prompt = samPrompt(box, picture, size);
    const { masks, iou_predictions } = await decoder.run({
      image_embeddings: new ort.Tensor("float32", await embed(picture), [1, 256, 64, 64]),
      point_coords: new ort.Tensor("float32", prompt.coordinates, [1, 2, 2]),
      point_labels: new ort.Tensor("float32", prompt.labels, [1, 2]),
      mask_input: new ort.Tensor("float32", new Float32Array(256 * 256), [1, 1, 256, 256]),
      has_mask_input: new ort.Tensor("float32", Float32Array.of(0), [1]),
      // Masks at the encoder's scale: at 25 megapixels, four float masks alone would take 400 MB.
      // `placeMask` scales the best one.
      orig_im_size: new ort.Tensor("float32", Float32Array.of(size.height, size.width), [2]),
    });
    const { logits, score } = bestMask(masks?.data as Float32Array, iou_predictions?.data as Float32Array);
    const frame = { xmin: 0, ymin: 0, xmax: picture.width, ymax: picture.height };
    const mask = placeMask({ data: logits, ...size, box: frame }, THRESHOLD, picture, frame);
    return mask && { mask, score, method };
  }
}

/** Size of the picture scaled to a long side of 1,024 (`ResizeLongestSide`). */
export function samSize({ width, height }: Size): Size {
  const scale = SIDE / Math.max(width, height);
  return { width: Math.max(1, Math.floor(width * scale + 0.5)), height: Math.max(1, Math.floor(height * scale + 0.5)) };
}

/** The encoder's input [3, 1024, 1024]: normalised, then padded with zeros to the right and below. */
export function samInput({ data, width, height }: Pixels): Float32Array {
  const input = new Float32Array(3 * SIDE * SIDE);
  for (const [channel, mean] of MEAN.entries()) {
    const deviation = DEVIATION[channel] ?? 1;
    for (let y = 0; y < height; y++) {
      for (let x = 0; x < width; x++) {
        input[(channel * SIDE + y) * SIDE + x] = ((data[(y * width + x) * 3 + channel] ?? 0) - mean) / deviation;
      }
    }
  }
  return input;
}

/** A box as two labelled points in the encoder's pixels: x, y of the top left corner, then of the bottom right one. */
export function samPrompt(box: Box, picture: Size, size: Size): { coordinates: Float32Array; labels: Float32Array } {
  const [x, y] = [size.width / picture.width, size.height / picture.height];
  return {
    coordinates: Float32Array.of(box.xmin * x, box.ymin * y, box.xmax * x, box.ymax * y),
    labels: Float32Array.of(TOP_LEFT, BOTTOM_RIGHT),
  };
}

/**
 * The mask with the highest predicted IoU, of those that follow one another in `masks`. Its score is the prediction,
 * which may lie outside 0 to 1, clamped.
 */
export function bestMask(masks: Float32Array, scores: Float32Array): { logits: Float32Array; score: number } {
  const best = scores.reduce((leader, score, index) => (score > (scores[leader] ?? -Infinity) ? index : leader), 0);
  const length = masks.length / scores.length;
  return {
    logits: masks.subarray(best * length, (best + 1) * length),
    score: Math.max(0, Math.min(1, scores[best] ?? 0)),
  };
}
