import { LIMITS } from "../../schemas/limits.ts";
import { turnRle } from "../../schemas/orientation.ts";
import type { RleMask } from "../../schemas/primitives.ts";
import { encodeColumns } from "../../schemas/rle.ts";
import { concat, hasAscii, pngChunks, viewOf } from "./bytes.ts";
import { pngRows } from "./png-rows.ts";

/** Samples from here up are set; of alpha too. */
const HALF = 0x80;

/** PNG's colour types (PNG specification, 11.2.1): samples a pixel, and which of them is alpha. */
const TYPES: Readonly<Record<number, { readonly samples: number; readonly alpha: number | null }>> = {
  0: { samples: 1, alpha: null },
  2: { samples: 3, alpha: null },
  3: { samples: 1, alpha: null },
  4: { samples: 2, alpha: 1 },
  6: { samples: 4, alpha: 3 },
};

/** Samples that are farther than this from black and from white are doubted to be either. */
const DOUBTFUL = 0x20;

/**
 * Edges that a mask may have: a crowd's outline in four megapixels has some tens of thousands. A PNG of four kilobytes
 * can have four million, and they would take more memory than an isolate has.
 */
const MOST_EDGES = 400_000;

/** A PNG read as a mask. */
export interface MaskPicture {
  readonly mask: RleMask;
  /** Share of its pixels that are neither the one nor the other: 0 for a mask, near 1 for a photo. */
  readonly doubtful: number;
}

/**
 * A mask out of a PNG: what is opaque where anything is transparent (a cut-out), else what is bright. Its rows are read
 * one after another and kept as runs, so that a mask of 25 megapixels never stands in memory. Null for what is no PNG,
 * is broken, interlaced, or has more pixels than a picture or more edges than a mask may have.
 */
export async function readMaskPng(bytes: Uint8Array): Promise<RleMask | null> {
  return (await readMaskPicture(bytes))?.mask ?? null;
}

/** The same with how much of a mask it is. */
export async function readMaskPicture(bytes: Uint8Array): Promise<MaskPicture | null> {
  if (!hasAscii(bytes, 0, "\x89PNG\r\n\x1a\n")) return null;
  const chunks = [...pngChunks(bytes)];
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
      const lightOf = (x: number) => {
        if (palette) return light(palette.colours, sampleAt(row, x * depth, depth, false) * 3);
        return type.samples < 3 ? sample(x, 0) : 0.299 * sample(x, 0) + 0.587 * sample(x, 1) + 0.114 * sample(x, 2);
      };
      if (palette || type.alpha !== null)
        for (let x = 0; x < width && !transparent; x++) transparent = alphaOf(x) < HALF;
      bright.add(width, lightOf);
      opaque.add(width, alphaOf);
    }
  } catch {
    return null;
  }
  const { edges, doubtful, count } = transparent ? opaque : bright;
  if (count > MOST_EDGES) return null;
  // Rows as the columns of the mirrored mask; orientation 5 changes the axes back.
  return {
    mask: turnRle(encodeColumns(edges, { width: height, height: width }), 5),
    doubtful: doubtful / (width * height),
  };
}

/** One sample as 0 to 255; of a palette, its index as it is. */
function sampleAt(row: Uint8Array, bit: number, depth: number, scaled = true): number {
  const byte = row[bit >> 3] ?? 0;
  // Of sixteen bits the upper eight say enough.
  if (depth >= 8) return byte;
  const value = (byte >> (8 - depth - (bit & 7))) & ((1 << depth) - 1);
  return scaled ? (value * 255) / ((1 << depth) - 1) : value;
}

function light(colours: Uint8Array, at: number): number {
  return 0.299 * (colours[at] ?? 0) + 0.587 * (colours[at + 1] ?? 0) + 0.114 * (colours[at + 2] ?? 0);
}

/** Where the set pixels of each row begin and end: from, to, from, to, … */
class Rows {
  readonly edges: number[][] = [];
  /** Of all rows; past `MOST_EDGES` none is kept. */
  count = 0;
  /** Pixels that are hardly set or hardly clear. */
  doubtful = 0;

  /** @param sample 0 to 255; asked once for each pixel */
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
    if (this.count > MOST_EDGES) this.edges.length = 0;
    else this.edges.push(edges);
  }
}
