import { LIMITS } from "./limits.ts";
import type { Box, RleMask, Size } from "./primitives.ts";

/**
 * COCO run-length encoding (cocodataset/cocoapi, common/maskApi.c). A mask is read column by column. `counts` are the
 * lengths of alternating runs; the first is a run of zeros. In the compressed form, each count from the fourth on is
 * replaced by its difference to the count two places before it. Numbers are split into groups of 5 bits, lowest first,
 * with a continuation bit; each group is one character, of which "0" (48) is the lowest.
 */
const CHARACTER_BASE = 48;

/** Compress run lengths into pycocotools' string. */
export function compressCounts(counts: ArrayLike<number>): string {
  let text = "";
  for (let index = 0; index < counts.length; index++) {
    let value = (counts[index] ?? 0) - (index > 2 ? (counts[index - 2] ?? 0) : 0);
    let continues = true;
    while (continues) {
      let group = value & 0x1f;
      value >>= 5;
      continues = (group & 0x10) !== 0 ? value !== -1 : value !== 0;
      if (continues) group |= 0x20;
      text += String.fromCharCode(group + CHARACTER_BASE);
    }
  }
  return text;
}

/**
 * The run lengths of a compressed string. Throws a `RangeError` when it is malformed or longer than
 * `LIMITS.maskLength`.
 */
export function decompressCounts(text: string): number[] {
  if (text.length > LIMITS.maskLength) throw new RangeError("too many characters of RLE");
  const counts: number[] = [];
  let position = 0;
  while (position < text.length) {
    let value = 0;
    let shift = 0;
    let group: number;
    do {
      group = text.charCodeAt(position++) - CHARACTER_BASE;
      if (!(group >= 0 && group < 64) || shift > 30) throw new RangeError(`malformed RLE at character ${position - 1}`);
      value |= (group & 0x1f) << shift;
      shift += 5;
      if ((group & 0x20) === 0 && (group & 0x10) !== 0 && shift < 32) value |= -1 << shift;
    } while ((group & 0x20) !== 0);
    if (counts.length > 2) value += counts[counts.length - 2] ?? 0;
    if (value < 0) throw new RangeError(`negative RLE count before character ${position}`);
    counts.push(value);
  }
  return counts;
}

/**
 * The runs of set pixels, as half-open ranges of indices into the column-major mask. Throws a `RangeError` when the
 * counts do not fill `size`.
 */
export function rleRuns(mask: RleMask): Array<[start: number, end: number]> {
  const [height, width] = mask.size;
  const runs: Array<[number, number]> = [];
  let position = 0;
  decompressCounts(mask.counts).forEach((count, index) => {
    if (index % 2 === 1 && count > 0) runs.push([position, position + count]);
    position += count;
  });
  if (position !== height * width)
    throw new RangeError(`RLE covers ${position} pixels, its size has ${height * width}`);
  return runs;
}

/** The runs of set pixels within each column `x`: from `top` to before `bottom`. */
export function* columnRuns(mask: RleMask): Generator<{ x: number; top: number; bottom: number }> {
  const height = mask.size[0];
  for (const [start, end] of rleRuns(mask)) {
    for (let position = start; position < end; ) {
      const x = Math.floor(position / height);
      const stop = Math.min(end, (x + 1) * height);
      yield { x, top: position - x * height, bottom: stop - x * height };
      position = stop;
    }
  }
}

/** Number of set pixels. */
export function rleArea(mask: RleMask): number {
  return rleRuns(mask).reduce((sum, [start, end]) => sum + end - start, 0);
}

/** The smallest box around the set pixels, or null for an empty mask. */
export function rleBounds(mask: RleMask): Box | null {
  const height = mask.size[0];
  let [xmin, ymin, xmax, ymax] = [Infinity, Infinity, 0, 0];
  for (const [start, end] of rleRuns(mask)) {
    const [first, last] = [Math.floor(start / height), Math.floor((end - 1) / height)];
    xmin = Math.min(xmin, first);
    xmax = last + 1;
    // A run that goes on in another column reaches the lower edge in the one and the upper edge in the other.
    ymin = first === last ? Math.min(ymin, start - first * height) : 0;
    ymax = first === last ? Math.max(ymax, end - first * height) : height;
  }
  return xmax > 0 ? { xmin, ymin, xmax, ymax } : null;
}

/** Number of set pixels whose centre lies inside the box. */
export function rleAreaInside(mask: RleMask, box: Box): number {
  // A pixel's centre is at +0.5; the box is half-open.
  const first = Math.ceil(box.ymin - 0.5);
  const last = Math.ceil(box.ymax - 0.5);
  let area = 0;
  for (const { x, top, bottom } of columnRuns(mask)) {
    if (x + 0.5 >= box.xmin && x + 0.5 < box.xmax) area += Math.max(0, Math.min(bottom, last) - Math.max(top, first));
  }
  return area;
}

/** Number of pixels that are set in both of two masks of the same size. */
export function rleShared(a: RleMask, b: RleMask): number {
  const runsA = rleRuns(a);
  const runsB = rleRuns(b);
  let shared = 0;
  for (let i = 0, j = 0; i < runsA.length && j < runsB.length; ) {
    const [startA, endA] = runsA[i] as [number, number];
    const [startB, endB] = runsB[j] as [number, number];
    shared += Math.max(0, Math.min(endA, endB) - Math.max(startA, startB));
    if (endA < endB) i++;
    else j++;
  }
  return shared;
}

/** Intersection over union of two masks of the same size; 0 when both are empty. */
export function rleIou(a: RleMask, b: RleMask): number {
  const shared = rleShared(a, b);
  const union = rleArea(a) + rleArea(b) - shared;
  return union > 0 ? shared / union : 0;
}

/** The pixels of a mask that are not set in another of the same size. */
export function rleDifference(mask: RleMask, other: RleMask): RleMask {
  const others = rleRuns(other);
  return encodeRuns(remaining(), mask.size);

  function* remaining(): Generator<[number, number]> {
    let next = 0;
    for (let [start, end] of rleRuns(mask)) {
      while ((others[next]?.[1] ?? end) < start) next++;
      for (let index = next; index < others.length && start < end; index++) {
        const [from, to] = others[index] as [number, number];
        if (from >= end) break;
        yield [start, Math.max(start, from)];
        start = Math.max(start, to);
      }
      yield [start, end];
    }
  }
}

/** The pixels that are set in at least one of two masks of the same size. */
export function rleUnion(a: RleMask, b: RleMask): RleMask {
  return encodeRuns(
    [...rleRuns(a), ...rleRuns(b)].sort(([first], [second]) => first - second),
    a.size,
  );
}

/** The pixels that are set in both of two masks of the same size. */
export function rleIntersection(a: RleMask, b: RleMask): RleMask {
  return rleDifference(a, rleDifference(a, b));
}

/**
 * Resize a mask: each pixel is a copy of the one whose centre is nearest, as with OpenCV's INTER_NEAREST_EXACT. The
 * time depends on the number of runs and not on the number of pixels.
 */
export function resizeRle(mask: RleMask, size: Size): RleMask {
  const [height, width] = mask.size;
  if (height === size.height && width === size.width) return mask;
  const columns = new Map<number, number[]>();
  // Row y of the result copies row floor((y + 0.5) * height / size.height), so a run starts at the first y that
  // reaches its top.
  const edge = (y: number) => Math.max(0, Math.ceil((y * size.height) / height - 0.5));
  for (const { x, top, bottom } of columnRuns(mask)) {
    const column = columns.get(x) ?? [];
    column.push(edge(top), Math.min(size.height, edge(bottom)));
    columns.set(x, column);
  }
  return encodeColumns(resized(), size);

  // One column at a time: a picture of one row may have millions.
  function* resized(): Generator<readonly number[]> {
    for (let x = 0; x < size.width; x++)
      yield columns.get(Math.min(width - 1, Math.floor(((x + 0.5) * width) / size.width))) ?? [];
  }
}

/**
 * Encode columns. Each lists the edges of its runs of set pixels from the top down: top, bottom, top, bottom, … Runs
 * may be empty or touch each other.
 */
export function encodeColumns(columns: Iterable<readonly number[]>, { width, height }: Size): RleMask {
  return encodeRuns(runsOfColumns(columns, height), [height, width]);
}

function* runsOfColumns(columns: Iterable<readonly number[]>, height: number): Generator<[number, number]> {
  let first = 0;
  for (const edges of columns) {
    for (let edge = 0; edge + 1 < edges.length; edge += 2)
      yield [first + (edges[edge] ?? 0), first + (edges[edge + 1] ?? 0)];
    first += height;
  }
}

/**
 * Encode runs of set pixels: half-open ranges of indices into the column-major mask, by their start. Runs may be empty,
 * touch or overlap. One mask has one string, the one that pycocotools writes: only the first run of all may be empty,
 * when the first pixel is set. Throws a `RangeError` for a mask of more than `LIMITS.maskCounts` run lengths: a mask of
 * few runs can become one of millions when it is turned or enlarged.
 */
export function encodeRuns(
  runs: Iterable<readonly [start: number, end: number]>,
  [height, width]: RleMask["size"],
): RleMask {
  const counts: number[] = [];
  let written = 0;
  for (const [start, end] of runs) {
    const from = Math.max(start, written);
    if (end <= from) continue;
    if (from === written && counts.length > 0) counts.push((counts.pop() ?? 0) + end - from);
    else if (counts.length < LIMITS.maskCounts - 2) counts.push(from - written, end - from);
    else throw new RangeError("too many runs");
    written = end;
  }
  if (written < width * height) counts.push(width * height - written);
  return { size: [height, width], counts: compressCounts(counts) };
}

/**
 * The same mask with the string that pycocotools writes: without empty runs inside or at the end, and without more
 * groups for a number than it needs. Throws a `RangeError` when the counts are malformed or do not fill the size.
 */
export function canonicalRle(mask: RleMask): RleMask {
  return encodeRuns(rleRuns(mask), mask.size);
}
