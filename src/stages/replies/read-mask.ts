import * as z from "zod/mini";
import { fromBase64 } from "../../../schemas/encodings.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { turnRle } from "../../../schemas/orientation.ts";
import { listOf, type RleMask, type Size } from "../../../schemas/primitives.ts";
import { canonicalRle, compressCounts } from "../../../schemas/rle.ts";
import { fromDataUrl } from "../../image/data-url.ts";
import { type MaskPicture, readMaskPicture } from "../../image/read-mask-png.ts";
import { StageError } from "../../providers/stage-error.ts";

/** Largest share of grey pixels in a mask: its edges may be smoothed. */
const DOUBTFUL = 0.05;

/** A mask from the bytes of a PNG: grey, palette, or a cut-out's alpha. Throws a `StageError`. */
export async function maskOfPicture(bytes: Uint8Array, mostPixels?: number): Promise<RleMask> {
  return (await readPicture(bytes, mostPixels)).mask;
}

/** SAM works at 1,024 by 1,024, whatever the size of the picture. */
const LEAST_PIXELS = 1_024 ** 2;

/** The most pixels that a model's mask of a picture of this size may have. */
export function mostPixelsFor({ width, height }: Size): number {
  return Math.max(width * height, LEAST_PIXELS);
}

/**
 * Like `maskOfPicture`, for a model that may return the picture with the mask drawn on it: anything but plain black and
 * white, or a cut-out, is refused. Throws a `StageError`.
 */
export async function maskOfPlainPicture(bytes: Uint8Array, mostPixels?: number): Promise<RleMask> {
  const { mask, doubtful } = await readPicture(bytes, mostPixels);
  if (doubtful <= DOUBTFUL) return mask;
  throw new StageError("invalid_output", "answered with a drawing instead of a mask");
}

async function readPicture(bytes: Uint8Array, mostPixels?: number): Promise<MaskPicture> {
  const picture = await readMaskPicture(bytes, mostPixels);
  if (picture) return picture;
  const jpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  throw new StageError(
    "invalid_output",
    jpeg ? "answered with a JPEG mask, which is not supported" : "answered with a mask that is not a PNG",
  );
}

/** A mask from a PNG as a data URL or base64. Throws a `StageError`. */
export async function maskOfText(text: string, mostPixels?: number): Promise<RleMask> {
  const bytes = text.startsWith("data:") ? fromDataUrl(text)?.bytes : fromBase64(text);
  if (!bytes) throw new StageError("invalid_output", "answered with a mask that is not base64");
  return maskOfPicture(bytes, mostPixels);
}

/** COCO's run lengths, compressed or as numbers. */
export const Counts = z.union([
  z.string().check(z.maxLength(LIMITS.maskLength, { abort: true })),
  listOf(z.int().check(z.gte(0)), LIMITS.maskCounts),
]);

/** Throws a `StageError` when the run lengths of all masks of an answer are too many together. */
export function assertFew(masks: ReadonlyArray<{ readonly length: number }>): void {
  if (masks.reduce((sum, { length }) => sum + length, 0) > LIMITS.masksLength)
    throw new StageError("invalid_output", "answered with masks of too many runs");
}

/**
 * A mask from COCO's RLE, with compressed or numeric counts, of which some may be zero. Throws a `StageError` when the
 * counts do not fill the size or are too many, or the size is larger than the largest picture.
 */
export function maskOfCoco(
  size: readonly [height: number, width: number],
  counts: string | readonly number[],
): RleMask {
  const most = typeof counts === "string" ? LIMITS.maskLength : LIMITS.maskCounts;
  if (counts.length > most) throw new StageError("invalid_output", "answered with an RLE of too many runs");
  if (size[0] * size[1] > LIMITS.picturePixels)
    throw new StageError("invalid_output", "answered with an RLE of too many pixels");
  try {
    return canonicalRle({
      size: [size[0], size[1]],
      counts: typeof counts === "string" ? counts : compressCounts(counts),
    });
  } catch {
    throw new StageError("invalid_output", "answered with an RLE that does not fill its size");
  }
}

/**
 * Every reading, most likely first, of pairs of start and length. Their form is not published: they may run along rows
 * or columns and count from 0 or 1 (docs/reference/hosted-models.md, "Masks"). Readings that do not fit the picture are
 * dropped. Throws a `StageError` where none fits.
 */
export function readingsOfStarts(numbers: readonly number[], { width, height }: Size): RleMask[] {
  const readings = [0, 1].flatMap((first) => {
    const counts = countsOf(numbers, first, width * height);
    if (!counts) return [];
    // Runs along rows are runs along columns of the transposed picture; orientation 5 transposes it back.
    const byRows = transposed(maskOfCoco([width, height], counts));
    return [...(byRows ? [byRows] : []), maskOfCoco([height, width], counts)];
  });
  if (readings.length === 0)
    throw new StageError("invalid_output", "answered with runs that overlap or lie outside the picture");
  return readings;
}

/** The mask with its axes swapped; null where it would have too many runs. */
function transposed(mask: RleMask): RleMask | null {
  try {
    return turnRle(mask, 5);
  } catch {
    return null;
  }
}

/** The pairs as COCO's counts; null where they do not fit so many pixels. */
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
