import * as ort from "onnxruntime-node";
import type { Pixels } from "../pictures.ts";

/**
 * Pixels as the input of a network: [1, 3, height, width], each value passed through `scale`.
 * @param channels which of red (0), green (1), blue (2) each plane holds: [2, 1, 0] for a network trained on BGR
 */
export function planarTensor(
  { data, width, height }: Pixels,
  channels: readonly [number, number, number],
  scale: (value: number, channel: number) => number,
): ort.Tensor {
  const area = width * height;
  const planes = new Float32Array(3 * area);
  for (const [plane, channel] of channels.entries()) {
    const scaled = Float32Array.from({ length: 256 }, (_, value) => scale(value, plane));
    for (let pixel = 0; pixel < area; pixel++)
      planes[plane * area + pixel] = scaled[data[pixel * 3 + channel] ?? 0] ?? 0;
  }
  return new ort.Tensor("float32", planes, [1, 3, height, width]);
}

/** The values of a session's output. Throws when they are no float32. */
export function floatsOf(tensor: ort.Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error("the model's output is not float32");
  return tensor.data;
}
