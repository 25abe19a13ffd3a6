import { LIMITS } from "../../schemas/limits.ts";
import { turnRle } from "../../schemas/orientation.ts";
import type { RleMask } from "../../schemas/primitives.ts";
import { encodeColumns } from "../../schemas/rle.ts";
import { dataOf, hasAscii, pngChunks, viewOf } from "./bytes.ts";
import { pngRows } from "./png-rows.ts";

/** A sample of at least this value is set; the same holds for alpha. */
const HALF = 0x80;

/** PNG's colour types (PNG specification, 11.2.1): samples per pixel, and the index of the alpha sample. */
const TYPES: Readonly<Record<number, { readonly samples: number; readonly alpha: number | null }>> = {
  0: { samples: 1, alpha: null },
  2: { samples: 3, alpha: null },
  3: { samples: 1, alpha: null },
  4: { samples: 2, alpha: 1 },
  6: { samples: 4, alpha: 3 },
};

/** A sample is doubtful when it is at least this far from black and from white. Set by hand. */
const DOUBTFUL = 0x20;

/** A PNG read as a mask. */
export interface MaskPicture {
  readonly mask: RleMask;
  /** Share of its pixels that are neither nearly black nor nearly white: 0 for a mask, near 1 for a photo. */
  readonly doubtful: number;
}

/**
 * Reads a mask from a PNG: its opaque pixels if any pixel is transparent (a cut-out), else its bright pixels. Rows are
 * read one at a time and kept as runs, so that the pixels are never all in memory. Null when the bytes are no PNG, or
 * one that is damaged, interlaced, or has too many pixels, chunks or edges: a PNG of four kilobytes can have four
 * million edges, which would not fit into an isolate's memory.
 *
 * @param mostPixels maximum pixels
 */
export async function readMaskPicture(
  bytes: Uint8Array,
  mostPixels: number = LIMITS.picturePixels,
): Promise<MaskPicture | null> {
  const chunks = readChunks(bytes);
  const header = chunks?.get("IHDR");
  if (!chunks || header?.length !== 13) return null;
  const view = viewOf(header);
  const [width, height, depth, colour] = [view.getUint32(0), view.getUint32(4), header[8] ?? 0, header[9] ?? 0];
  const type = TYPES[colour];
  if (!type || ![1, 2, 4, 8, 16].includes(depth) || header[12] !== 0) return null;
  if (width < 1 || height < 1 || width * height > mostPixels) return null;
  if (Math.max(width, height) > LIMITS.pictureSide) return null;
  const data = (name: string) => chunks.get(name) ?? new Uint8Array();
  const palette = colour === 3 ? { colours: data("PLTE"), alphas: data("tRNS") } : null;

  const [bright, opaque] = [new Rows(), new Rows()];
  let transparent = false;
  try {
    for await (const row of pngRows(data("IDAT"), { width, height, bits: depth * type.samples })) {
      const sample = (x: number, index: number) => sampleAt(row, (x * type.samples + index) * depth, depth);
      const alphaOf = (x: number) => {
        if (palette) return palette.alphas[sampleAt(row, x * depth, depth, false)] ?? 255;
        return type.alpha === null ? 255 : sample(x, type.alpha);
      };
      const brightnessOf = (x: number) => {
        if (palette) return brightness(palette.colours, sampleAt(row, x * depth, depth, false) * 3);
        return type.samples < 3 ? sample(x, 0) : 0.299 * sample(x, 0) + 0.587 * sample(x, 1) + 0.114 * sample(x, 2);
      };
      if (palette || type.alpha !== null)
        for (let x = 0; x < width && !transparent; x++) transparent = alphaOf(x) < HALF;
      bright.add(width, brightnessOf);
      opaque.add(width, alphaOf);
    }
    const { edges, doubtful, count } = transparent ? opaque : bright;
    if (count > LIMITS.maskCounts) return null;
    // The rows were encoded as the columns of the transposed mask; orientation 5 transposes it back.
    return {
      mask: turnRle(encodeColumns(edges, { width: height, height: width }), 5),
      doubtful: doubtful / (width * height),
    };
  } catch {
    return null;
  }
}

/** The types of chunks that are read. */
const READ = new Set(["IHDR", "PLTE", "tRNS"]);

/**
 * The data of the chunks that are read, by their type: of the first of each, and of all `IDAT` in one buffer. Null for
 * a file that is no PNG or has too many chunks.
 */
function readChunks(bytes: Uint8Array): ReadonlyMap<string, Uint8Array> | null {
  if (!hasAscii(bytes, 0, "\x89PNG\r\n\x1a\n") || !hasAscii(bytes, 12, "IHDR")) return null;
  const chunks = new Map<string, Uint8Array>();
  const pixels = new Uint8Array(bytes.length);
  let length = 0;
  try {
    for (const chunk of pngChunks(bytes)) {
      if (!chunk.whole) continue;
      if (READ.has(chunk.type) && !chunks.has(chunk.type)) chunks.set(chunk.type, dataOf(bytes, chunk));
      if (chunk.type !== "IDAT") continue;
      pixels.set(dataOf(bytes, chunk), length);
      length += chunk.dataEnd - chunk.dataStart;
    }
  } catch {
    return null;
  }
  return chunks.set("IDAT", pixels.subarray(0, length));
}

/** One sample scaled to 0 to 255, or unscaled: the index of a palette entry. */
function sampleAt(row: Uint8Array, bit: number, depth: number, scaled = true): number {
  const byte = row[bit >> 3] ?? 0;
  // Of 16 bits, the upper 8 are precise enough.
  if (depth >= 8) return byte;
  const value = (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  return scaled ? (value * 255) / ((1 << depth) - 1) : value;
}

/** Luma of a palette entry, 0 to 255 (ITU-R BT.601). */
function brightness(colours: Uint8Array, at: number): number {
  return 0.299 * (colours[at] ?? 0) + 0.587 * (colours[at + 1] ?? 0) + 0.114 * (colours[at + 2] ?? 0);
}

/** For each row, where runs of set pixels start and end: start, end, start, end, … */
class Rows {
  readonly edges: number[][] = [];
  /** Edges of all rows. Beyond `LIMITS.maskCounts`, none are kept. */
  count = 0;
  /** Number of doubtful pixels. */
  doubtful = 0;

  /** Add the next row. @param sample value of a pixel, 0 to 255; called once per pixel */
  add(width: number, sample: (x: number) => number): void {
    const edges: number[] = [];
    let inside = false;
    for (let x = 0; x < width; x++) {
      const value = sample(x);
      if (value >= DOUBTFUL && value < 0x100 - DOUBTFUL) this.doubtful++;
      if (value >= HALF === inside) continue;
      edges.push(x);
      inside = !inside;
    }
    if (inside) edges.push(width);
    this.count += edges.length;
    if (this.count <= LIMITS.maskCounts) this.edges.push(edges);
    else this.edges.length = 0;
  }
}
