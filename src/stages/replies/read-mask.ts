import { boxIou } from "../../../schemas/geometry.ts";
import { turnRle } from "../../../schemas/orientation.ts";
import { rleOfPolygons } from "../../../schemas/polygon.ts";
import type { Box, RleMask, Size } from "../../../schemas/primitives.ts";
import { compressCounts, rleBounds, rleRuns } from "../../../schemas/rle.ts";
import { fromBase64, fromDataUrl } from "../../image/data-url.ts";
import { type MaskPicture, readMaskPicture } from "../../image/read-mask-png.ts";
import { StageError } from "../../providers/stage-error.ts";

/** Share of pixels neither bright nor dark up to which a picture is still a mask: its edges may be smoothed. */
const DOUBTFUL = 0.05;

/** A mask out of the bytes of a picture: PNG in any form (grey, cut-out, palette). Throws a `StageError`. */
export async function maskOfPicture(bytes: Uint8Array): Promise<RleMask> {
  return (await readPicture(bytes)).mask;
}

/**
 * The same from a model that may draw on the picture instead: what is no plain black and white, or cut-out, is refused.
 * Throws a `StageError`.
 */
export async function maskOfPlainPicture(bytes: Uint8Array): Promise<RleMask> {
  const { mask, doubtful } = await readPicture(bytes);
  if (doubtful <= DOUBTFUL) return mask;
  throw new StageError("invalid_output", "answered with a drawing and not with a mask");
}

async function readPicture(bytes: Uint8Array): Promise<MaskPicture> {
  const picture = await readMaskPicture(bytes);
  if (picture) return picture;
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

/**
 * Runs, or characters of them, that a mask may have: one of four megapixels whose every pixel differs from the next
 * takes more memory than an isolate has, and a mask of a thing has some thousands.
 */
const MOST_COUNTS = 800_000;

/**
 * COCO's RLE, its counts compressed or as numbers. Throws a `StageError` where they do not fill its size, or are too
 * many to be of a thing.
 */
export function maskOfCoco(
  size: readonly [height: number, width: number],
  counts: string | readonly number[],
): RleMask {
  if (counts.length > MOST_COUNTS)
    throw new StageError("invalid_output", "answered with an RLE of more runs than a thing has");
  try {
    const mask: RleMask = {
      size: [size[0], size[1]],
      counts: typeof counts === "string" ? counts : compressCounts(counts),
    };
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
 * Pairs of start and length, in order. Nobody says whether they run along rows or columns, nor whether they count from
 * 0 or 1 (hosted-apis section
 * 3.3): every reading that lies within the picture, most likely first. Throws a `StageError` where none does.
 */
export function readingsOfStarts(numbers: readonly number[], { width, height }: Size): RleMask[] {
  const readings = [0, 1].flatMap((first) => {
    const counts = countsOf(numbers, first, width * height);
    if (!counts) return [];
    // Along rows is along the columns of the mirrored picture; orientation 5 changes the axes back.
    return [turnRle(maskOfCoco([width, height], counts), 5), maskOfCoco([height, width], counts)];
  });
  if (readings.length === 0)
    throw new StageError("invalid_output", "answered with runs that lie outside the picture or upon each other");
  return readings;
}

/**
 * Of these readings the one whose bounds agree best with the box that was asked about. Throws a `StageError` where none
 * is within the picture.
 */
export function maskOfStarts(numbers: readonly number[], size: Size, box: Box): RleMask {
  const agreement = (mask: RleMask) => boxIou(rleBounds(mask) ?? { xmin: 0, ymin: 0, xmax: 0, ymax: 0 }, box);
  return readingsOfStarts(numbers, size).reduce((a, b) => (agreement(a) >= agreement(b) ? a : b));
}

/** COCO's counts of the pairs; null where they are none of so many pixels. */
function countsOf(numbers: readonly number[], first: number, pixels: number): number[] | null {
  const counts: number[] = [];
  let reached = 0;
  for (let pair = 0; pair < numbers.length; pair += 2) {
    const [start, length] = [(numbers[pair] ?? 0) - first, numbers[pair + 1] ?? 0];
    if (!(start >= reached && length >= 1 && start + length <= pixels)) return null;
    if (start === reached && counts.length > 0) counts.push((counts.pop() ?? 0) + length);
    else counts.push(start - reached, length);
    reached = start + length;
  }
  if (reached < pixels || counts.length === 0) counts.push(pixels - reached);
  return counts;
}
