import type { RleMask, Size } from "../../schemas/primitives.ts";
import { encodeRle } from "../../schemas/rle.ts";

/** A polygon's corners `[x, y]`, in pixels. */
export type Polygon = ReadonlyArray<readonly [x: number, y: number]>;

/** The pixels whose centres lie inside any of the polygons (even-odd within each). */
export function rasterise(polygons: readonly Polygon[], size: Size): RleMask {
  const data = new Uint8Array(size.width * size.height);
  for (const polygon of polygons) {
    for (let row = 0; row < size.height; row++) {
      const crossings = crossingsOf(polygon, row + 0.5);
      for (let index = 0; index + 1 < crossings.length; index += 2) {
        const [from = 0, to = 0] = crossings.slice(index, index + 2);
        const start = Math.max(0, Math.ceil(from - 0.5));
        const end = Math.min(size.width, Math.ceil(to - 0.5));
        if (start < end) data.fill(1, row * size.width + start, row * size.width + end);
      }
    }
  }
  return encodeRle(data, size);
}

/**
 * Where the polygon's edges cross a horizontal line, from left to right. An edge owns its upper end, so that a corner
 * counts once.
 */
function crossingsOf(polygon: Polygon, y: number): number[] {
  return polygon
    .flatMap(([x1, y1], index) => {
      const [x2, y2] = polygon[(index + 1) % polygon.length] ?? [x1, y1];
      return y1 <= y !== y2 <= y ? [x1 + ((y - y1) / (y2 - y1)) * (x2 - x1)] : [];
    })
    .toSorted((a, b) => a - b);
}
