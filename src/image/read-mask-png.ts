import { LIMITS } from "../../schemas/limits.ts";
import { turnRle } from "../../schemas/orientation.ts";
import type { RleMask } from "../../schemas/primitives.ts";
import { encodeColumns } from "../../schemas/rle.ts";
import { concat, hasAscii, pngChunks, viewOf } from "./bytes.ts";
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

/**
 * Most edges that a mask may have. The outline of a crowd in four megapixels has tens of thousands; a hostile PNG of
 * four kilobytes can have four million, which would not fit into an isolate's memory.
 */
const MAXIMUM_EDGES = 400_000;

/** A PNG read as a mask. */
export interface MaskPicture {
  readonly mask: RleMask;
  /** Share of its pixels that are neither nearly black nor nearly white: 0 for a mask, near 1 for a photo. */
  readonly doubtful: number;
}

/**
 * Reads a mask from a PNG: its opaque pixels if any pixel is transparent (a cut-out), else its bright pixels. Rows are
 * read one at a time and kept as runs, so that the pixels are never all in memory. Null when the bytes are no PNG, or
 * one that is damaged, interlaced, or has more than `LIMITS.picturePixels` pixels or `MAXIMUM_EDGES` edges.
 */
export async function readMaskPicture(bytes: Uint8Array): Promise<MaskPicture | null> {
  if (!hasAscii(bytes, 0, "\x89PNG\r\n\x1a\n")) return null;
  const chunks = [...pngChunks(bytes)].filter(({ whole }) => whole);
  const header = chunks[0];
  if (header?.type !== "IHDR" || header.data.length !== 13) return null;
  const view = viewOf(header.data);
  const [width, height, depth, colour] = [
    view.getUint32(0),
    view.getUint32(4),
    header.data[8] ?? 0,
    header.data[9] ?? 0,
  ];
  const type = TYPES[colour];
  if (!type || ![1, 2, 4, 8, 16].includes(depth) || header.data[12] !== 0) return null;
  if (width < 1 || height < 1 || width * height > LIMITS.picturePixels) return null;
  const data = (name: string) => chunks.find((chunk) => chunk.type === name)?.data ?? new Uint8Array();
  const palette = colour === 3 ? { colours: data("PLTE"), alphas: data("tRNS") } : null;
  const packed = concat(chunks.filter((chunk) => chunk.type === "IDAT").map((chunk) => chunk.data));

  const [bright, opaque] = [new Rows(), new Rows()];
  let transparent = false;
  try {
    for await (const row of pngRows(packed, { width, height, bits: depth * type.samples })) {
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
  } catch {
    return null;
  }
  const { edges, doubtful, count } = transparent ? opaque : bright;
  if (count > MAXIMUM_EDGES) return null;
  // The rows were encoded as the columns of the transposed mask; orientation 5 transposes it back.
  return {
    mask: turnRle(encodeColumns(edges, { width: height, height: width }), 5),
    doubtful: doubtful / (width * height),
  };
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
  /** Edges of all rows. Beyond `MAXIMUM_EDGES` no edges are kept. */
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
    if (this.count > MAXIMUM_EDGES) this.edges.length = 0;
    else this.edges.push(edges);
  }
}
