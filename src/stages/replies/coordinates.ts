import { clampBox } from "../../../schemas/geometry.ts";
import type { Box, Size } from "../../../schemas/primitives.ts";

/** How a model writes a box: the order of its four numbers, and their unit. */
export interface Convention {
  readonly order: "xyxy" | "yxyx" | "xywh" | "cxcywh";
  /** Pixels of the picture that the model was sent, or the number of parts into which each side is divided. */
  readonly parts: "pixels" | 1 | 999 | 1000;
}

/** The convention of each model (docs/reference/hosted-models.md, "Boxes"). */
export const CONVENTIONS = {
  "grounding-dino": { order: "xyxy", parts: "pixels" },
  owlvit: { order: "xyxy", parts: "pixels" },
  "florence-2": { order: "xyxy", parts: "pixels" },
  "florence-2-fal": { order: "xywh", parts: "pixels" },
  moondream: { order: "xyxy", parts: 1 },
  "qwen2-vl": { order: "xyxy", parts: 1000 },
  /** Pixels of the picture as the model resized it: pass that size to `readBox`. */
  "qwen2.5-vl": { order: "xyxy", parts: "pixels" },
  "qwen3-vl": { order: "xyxy", parts: 1000 },
  "glm-v": { order: "xyxy", parts: 1000 },
  gemini: { order: "yxyx", parts: 1000 },
  "kosmos-2": { order: "xyxy", parts: 1 },
  "huggingface-detection": { order: "xyxy", parts: "pixels" },
  "fal-sam3": { order: "cxcywh", parts: 1 },
  "segment-anything-tryout": { order: "xywh", parts: "pixels" },
  roboflow: { order: "cxcywh", parts: "pixels" },
  /** All zeros: not visible. */
  ofa: { order: "xyxy", parts: "pixels" },
  /** OFA's location tokens: 1,000 bins, the first and the last on the picture's edges (docs/ofa.md). */
  "ofa-bins": { order: "xyxy", parts: 999 },
} as const satisfies Record<string, Convention>;

/**
 * A model's box in pixels of the picture that was sent, clamped to it. Null when it is not four finite numbers, lies
 * outside the picture, or is all zeros.
 *
 * @example readBox([0.1, 0.2, 0.5, 0.8], CONVENTIONS.moondream, { width: 100, height: 50 })
 * // { xmin: 10, ymin: 10, xmax: 50, ymax: 40 }
 * @param numbers as the model wrote them
 * @param pictureSize size of the picture that the model was sent
 * @param resized size of the picture in whose pixels the model writes boxes, if the model resized it
 */
export function readBox(
  numbers: unknown,
  convention: Convention,
  pictureSize: Size,
  resized: Size = pictureSize,
): Box | null {
  if (!Array.isArray(numbers) || numbers.length !== 4 || !numbers.every((number) => typeof number === "number"))
    return null;
  const [xmin, ymin, xmax, ymax] = cornersOf(numbers as [number, number, number, number], convention);
  const full = sidesOf(convention, resized);
  const [x, y] = [pictureSize.width / full.width, pictureSize.height / full.height];
  return clampBox({ xmin: xmin * x, ymin: ymin * y, xmax: xmax * x, ymax: ymax * y }, pictureSize);
}

/**
 * Whether a box can be in its convention's unit. A box that reaches outside the picture by more than `slack`, a share
 * of its sides, is in another unit, and clamping it would give a wrong box.
 */
export function countsAs(
  numbers: readonly [number, number, number, number],
  convention: Convention,
  resized: Size,
  slack: number,
): boolean {
  const { width, height } = sidesOf(convention, resized);
  const [xmin, ymin, xmax, ymax] = cornersOf(numbers, convention);
  return [xmin / width, ymin / height, xmax / width, ymax / height].every(
    (share) => share >= -slack && share <= 1 + slack,
  );
}

function cornersOf(
  [a, b, c, d]: readonly [number, number, number, number],
  { order }: Convention,
): [number, number, number, number] {
  return {
    xyxy: [a, b, c, d],
    yxyx: [b, a, d, c],
    xywh: [a, b, a + c, b + d],
    cxcywh: [a - c / 2, b - d / 2, a + c / 2, b + d / 2],
  }[order] as [number, number, number, number];
}

/** The picture's sides in a convention's unit. */
function sidesOf({ parts }: Convention, resized: Size): Size {
  return parts === "pixels" ? resized : { width: parts, height: parts };
}
