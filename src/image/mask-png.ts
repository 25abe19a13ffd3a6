import { constants, deflateSync } from "node:zlib";
import type { RleMask } from "../../schemas/primitives.ts";
import { columnRuns } from "../../schemas/rle.ts";
import { concat, viewOf } from "./bytes.ts";
import { pngChunk } from "./png-chunk.ts";

const SIGNATURE = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a);

/**
 * Encodes a mask as PNG: one channel, one bit per pixel, white where the mask is set. It needs one bit of memory per
 * pixel (1.5 MB for 12 megapixels).
 */
export function encodeMaskPng(mask: RleMask): Uint8Array {
  const [height, width] = mask.size;
  const header = new Uint8Array(13);
  const view = viewOf(header);
  view.setUint32(0, width);
  view.setUint32(4, height);
  // Bit depth 1, colour type 0 (grey), compression 0, filter method 0, not interlaced.
  header.set([1, 0, 0, 0, 0], 8);
  // zlib's search for repeated rows takes five times as long, for a file that is a tenth to a half smaller.
  const rows = deflateSync(packRows(mask), { strategy: constants.Z_RLE });
  return concat([SIGNATURE, pngChunk("IHDR", header), pngChunk("IDAT", rows), pngChunk("IEND", new Uint8Array())]);
}

/** The rows as bits, the leftmost pixel in the highest bit. Each row starts with filter type 0 (none). */
function packRows(mask: RleMask): Uint8Array {
  const [height, width] = mask.size;
  const stride = 1 + Math.ceil(width / 8);
  const rows = new Uint8Array(height * stride);
  for (const { x, top, bottom } of columnRuns(mask)) {
    const bit = 0x80 >> (x & 7);
    for (let y = top, at = top * stride + 1 + (x >> 3); y < bottom; y++, at += stride) rows[at] = (rows[at] ?? 0) | bit;
  }
  return rows;
}
