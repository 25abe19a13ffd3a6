import type { Box } from "../../schemas/primitives.ts";

/**
 * Values on a grid over a part of the picture: `width` × `height` cells, row by row, which together cover `box`
 * (picture coordinates).
 */
export interface Plane<Data extends Float32Array | Uint8Array = Float32Array | Uint8Array> {
  readonly data: Data;
  readonly width: number;
  readonly height: number;
  readonly box: Box;
}

/**
 * Linear interpolation along one axis: for each target cell the two source cells around its centre, and the weight of
 * the second.
 */
interface Axis {
  readonly low: Int32Array;
  readonly high: Int32Array;
  readonly weight: Float32Array;
}

/**
 * Interpolate `count` positions, `start + (i + 0.5) * step` in picture coordinates, along an axis of `cells` cells that
 * covers `from` to `to`. A cell's value is at its centre (half-pixel centres). Beyond the outermost centres the
 * outermost value holds.
 */
export function readAxis(from: number, to: number, cells: number, start: number, step: number, count: number): Axis {
  const axis = { low: new Int32Array(count), high: new Int32Array(count), weight: new Float32Array(count) };
  for (let index = 0; index < count; index++) {
    const position = ((start + (index + 0.5) * step - from) / (to - from)) * cells - 0.5;
    const clamped = Math.max(0, Math.min(cells - 1, position));
    const low = Math.floor(clamped);
    axis.low[index] = low;
    axis.high[index] = Math.min(cells - 1, low + 1);
    axis.weight[index] = clamped - low;
  }
  return axis;
}

/** The values on another grid over another box, interpolated bilinearly. */
export function resample(plane: Plane, box: Box, width: number, height: number): Plane<Float32Array> {
  const { data } = plane;
  const xs = readAxis(plane.box.xmin, plane.box.xmax, plane.width, box.xmin, (box.xmax - box.xmin) / width, width);
  const ys = readAxis(plane.box.ymin, plane.box.ymax, plane.height, box.ymin, (box.ymax - box.ymin) / height, height);
  const result = new Float32Array(width * height);
  for (let y = 0; y < height; y++) {
    const above = (ys.low[y] ?? 0) * plane.width;
    const below = (ys.high[y] ?? 0) * plane.width;
    const down = ys.weight[y] ?? 0;
    for (let x = 0; x < width; x++) {
      const left = xs.low[x] ?? 0;
      const right = xs.high[x] ?? 0;
      const across = xs.weight[x] ?? 0;
      const upper = (data[above + left] ?? 0) * (1 - across) + (data[above + right] ?? 0) * across;
      const lower = (data[below + left] ?? 0) * (1 - across) + (data[below + right] ?? 0) * across;
      result[y * width + x] = upper * (1 - down) + lower * down;
    }
  }
  return { data: result, width, height, box };
}

/** A byte for each value. `Uint8Array.from` with a function takes ten times as long. */
export function bytesFrom(values: ArrayLike<number>, byte: (value: number, cell: number) => number): Uint8Array {
  const bytes = new Uint8Array(values.length);
  for (let cell = 0; cell < bytes.length; cell++) bytes[cell] = byte(values[cell] as number, cell);
  return bytes;
}
