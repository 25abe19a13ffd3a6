import { boxIou } from "../../schemas/geometry.ts";
import { rleOfPolygons } from "../../schemas/polygon.ts";
import type { Box, RleMask, Size } from "../../schemas/primitives.ts";
import { compressCounts, encodeRle, rleBounds, rleRuns } from "../../schemas/rle.ts";
import { fromBase64, fromDataUrl } from "../image/data-url.ts";
import { readMaskPng } from "../image/read-mask-png.ts";
import { StageError } from "../providers/stage-error.ts";

/** A mask out of the bytes of a picture: PNG in any form (grey, cut-out, palette). Throws a `StageError`. */
export async function maskOfPicture(bytes: Uint8Array): Promise<RleMask> {
  const mask = await readMaskPng(bytes);
  if (mask) return mask;
  const jpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  throw new StageError(
    "invalid_output",
    jpeg ? "answered with a mask as JPEG, which is not read here" : "answered with a mask that is no PNG",
  );
}

/** The same out of a data URL or base64. Throws a `StageError`. */
export async function maskOfText(text: string): Promise<RleMask> {
  const bytes = text.startsWith("data:") ? fromDataUrl(text)?.bytes : fromBase64(text);
  if (!bytes) throw new StageError("invalid_output", "answered with a mask that is no base64");
  return maskOfPicture(bytes);
}

/** COCO's RLE, its counts compressed or as numbers. Throws a `StageError` where they do not fill its size. */
export function maskOfCoco(size: readonly [height: number, width: number], counts: string | readonly number[]): RleMask {
  try {
    const mask: RleMask = { size: [size[0], size[1]], counts: typeof counts === "string" ? counts : compressCounts(counts) };
    rleRuns(mask);
    return mask;
  } catch {
    throw new StageError("invalid_output", "answered with an RLE that does not fill its size");
  }
}

/** Polygons of corners `[x, y, x, y, …]` in pixels, filled by the even-odd rule. */
export function maskOfPolygons(polygons: readonly (readonly number[])[], { width, height }: Size): RleMask {
  return rleOfPolygons({ size: [height, width], polygons: [polygons.map((ring) => [...ring])] });
}

/**
 * Pairs of start and length. Nobody says whether they run along rows or columns, nor whether they count from 0 or 1: of the four readings the
 * one whose bounds agree best with the box that was asked about is taken. Throws a `StageError` where none is within the picture.
 */
export function maskOfStarts(numbers: readonly number[], { width, height }: Size, box: Box): RleMask {
  const readings = [0, 1].flatMap((first) => {
    const data = new Uint8Array(width * height);
    for (let pair = 0; pair + 1 < numbers.length; pair += 2) {
      const start = (numbers[pair] ?? 0) - first;
      const end = start + (numbers[pair + 1] ?? 0);
      if (!(start >= 0 && end >= start && end <= data.length)) return [];
      data.fill(1, start, end);
    }
    // Along columns is along the rows of the mirrored picture.
    const byColumns = Uint8Array.from(data, (_, index) => data[(index % width) * height + Math.floor(index / width)] ?? 0);
    return [encodeRle(data, { width, height }), encodeRle(byColumns, { width, height })];
  });
  const agreement = (mask: RleMask) => boxIou(rleBounds(mask) ?? { xmin: 0, ymin: 0, xmax: 0, ymax: 0 }, box);
  const best = readings.reduce<RleMask | null>((a, b) => (a && agreement(a) >= agreement(b) ? a : b), null);
  if (!best) throw new StageError("invalid_output", "answered with runs that lie outside the picture");
  return best;
}
