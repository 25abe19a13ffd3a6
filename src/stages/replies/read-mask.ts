import { fromBase64 } from "../../../schemas/encodings.ts";
import { turnRle } from "../../../schemas/orientation.ts";
import type { RleMask, Size } from "../../../schemas/primitives.ts";
import { canonicalRle, compressCounts } from "../../../schemas/rle.ts";
import { fromDataUrl } from "../../image/data-url.ts";
import { type MaskPicture, readMaskPicture } from "../../image/read-mask-png.ts";
import { StageError } from "../../providers/stage-error.ts";

/** Largest share of grey pixels in a mask: its edges may be smoothed. */
const DOUBTFUL = 0.05;

/** A mask from the bytes of a PNG: grey, palette, or a cut-out's alpha. Throws a `StageError`. */
export async function maskOfPicture(bytes: Uint8Array): Promise<RleMask> {
  return (await readPicture(bytes)).mask;
}

/**
 * Like `maskOfPicture`, for a model that may return the picture with the mask drawn on it: anything but plain black and
 * white, or a cut-out, is refused. Throws a `StageError`.
 */
export async function maskOfPlainPicture(bytes: Uint8Array): Promise<RleMask> {
  const { mask, doubtful } = await readPicture(bytes);
  if (doubtful <= DOUBTFUL) return mask;
  throw new StageError("invalid_output", "answered with a drawing instead of a mask");
}

async function readPicture(bytes: Uint8Array): Promise<MaskPicture> {
  const picture = await readMaskPicture(bytes);
  if (picture) return picture;
  const jpeg = bytes[0] === 0xff && bytes[1] === 0xd8;
  throw new StageError(
    "invalid_output",
    jpeg ? "answered with a JPEG mask, which is not supported" : "answered with a mask that is not a PNG",
  );
}

/** A mask from a PNG as a data URL or base64. Throws a `StageError`. */
export async function maskOfText(text: string): Promise<RleMask> {
  const bytes = text.startsWith("data:") ? fromDataUrl(text)?.bytes : fromBase64(text);
  if (!bytes) throw new StageError("invalid_output", "answered with a mask that is not base64");
  return maskOfPicture(bytes);
}

/**
 * Maximum runs of a mask, or characters of compressed runs. A mask of an object has some thousands; one of 4 megapixels
 * whose pixels all alternate exceeds an isolate's memory.
 */
const MOST_COUNTS = 800_000;

/**
 * A mask from COCO's RLE, with compressed or numeric counts, of which some may be zero. Throws a `StageError` when the
 * counts do not fill the size or are too many.
 */
export function maskOfCoco(
  size: readonly [height: number, width: number],
  counts: string | readonly number[],
): RleMask {
  if (counts.length > MOST_COUNTS) throw new StageError("invalid_output", "answered with an RLE of too many runs");
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
    return [turnRle(maskOfCoco([width, height], counts), 5), maskOfCoco([height, width], counts)];
  });
  if (readings.length === 0)
    throw new StageError("invalid_output", "answered with runs that overlap or lie outside the picture");
  return readings;
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
