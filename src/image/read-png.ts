import { dataOf, pngChunks, viewOf } from "./bytes.ts";
import { readOrientation, withoutMarker } from "./exif.ts";
import type { PictureHeader } from "./header.ts";

/** Channels and allowed bits per channel of each colour type (PNG specification, 11.2.1, table 12). */
const COLOURS: Readonly<Record<number, { readonly components: number; readonly depths: readonly number[] }>> = {
  0: { components: 1, depths: [1, 2, 4, 8, 16] },
  2: { components: 3, depths: [8, 16] },
  3: { components: 3, depths: [1, 2, 4, 8] },
  4: { components: 2, depths: [8, 16] },
  6: { components: 4, depths: [8, 16] },
};

/**
 * Reads the header of a PNG; null when it does not start with one, or has two. For an APNG, that of its default image.
 */
export function readPng(bytes: Uint8Array): PictureHeader | null {
  let header: PictureHeader | null = null;
  let [orientation, animated] = [1, false];
  for (const chunk of pngChunks(bytes)) {
    const { type } = chunk;
    if ((type === "IHDR") !== (header === null)) return null;
    if (type === "IHDR") header = readHeader(dataOf(bytes, chunk));
    if (!header) return null;
    if (type === "eXIf") orientation = readOrientation(withoutMarker(dataOf(bytes, chunk)));
    if (type === "acTL") animated = true;
  }
  return header && { ...header, orientation, animated };
}

function readHeader(data: Uint8Array): PictureHeader | null {
  const [depth = 0, type = 0, compression, filter, interlace = 0] = data.subarray(8);
  const colour = COLOURS[type];
  if (data.length !== 13 || !colour?.depths.includes(depth) || compression !== 0 || filter !== 0 || interlace > 1)
    return null;
  const view = viewOf(data);
  return {
    width: view.getUint32(0),
    height: view.getUint32(4),
    components: colour.components,
    orientation: 1,
    animated: false,
  };
}
