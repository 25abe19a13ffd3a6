import { dataOf, viewOf, webpChunks } from "./bytes.ts";
import { readOrientation, withoutMarker } from "./exif.ts";
import type { PictureHeader } from "./header.ts";

/** Flags of the extended header. */
const [ANIMATION, EXIF, ALPHA] = [0x02, 0x08, 0x10];

/**
 * Reads the header of a WebP, simple (lossy or lossless) or extended. Null when there is none, or when the image data
 * has another size than the extended header says: a decoder would then meet more pixels than were checked.
 */
export function readWebp(bytes: Uint8Array): PictureHeader | null {
  let extended: { header: PictureHeader; hasExif: boolean } | null = null;
  let imageData: PictureHeader | null = null;
  let orientation = 1;
  let isFirst = true;
  for (const chunk of webpChunks(bytes)) {
    const { type } = chunk;
    if (isFirst && type === "VP8X") {
      extended = readExtended(dataOf(bytes, chunk));
      if (!extended) return null;
    }
    if (type === "VP8 ") imageData ??= readLossy(dataOf(bytes, chunk));
    if (type === "VP8L") imageData ??= readLossless(dataOf(bytes, chunk));
    // A simple file has one chunk. In an extended file, decoders read only the chunks that the header announces.
    if (!extended) return imageData;
    if (type === "EXIF" && extended.hasExif) orientation = readOrientation(withoutMarker(dataOf(bytes, chunk)));
    isFirst = false;
  }
  if (!extended) return null;
  const { header } = extended;
  const agrees = header.animated || (imageData?.width === header.width && imageData.height === header.height);
  return agrees ? { ...header, orientation } : null;
}

const STILL = { orientation: 1, animated: false };

/** The chunk VP8X (WebP container specification, "Extended File Format"). */
function readExtended(data: Uint8Array): { header: PictureHeader; hasExif: boolean } | null {
  if (data.length < 10) return null;
  const view = viewOf(data);
  const size = (at: number) => 1 + view.getUint16(at, true) + ((data[at + 2] ?? 0) << 16);
  const flags = data[0] ?? 0;
  const components = flags & ALPHA ? 4 : 3;
  const header = { ...STILL, width: size(4), height: size(7), components, animated: (flags & ANIMATION) !== 0 };
  return { header, hasExif: (flags & EXIF) !== 0 };
}

/** The chunk "VP8 ": a key frame with its start code (RFC 6386, section 9.1). */
function readLossy(data: Uint8Array): PictureHeader | null {
  const keyFrame =
    data.length >= 10 && ((data[0] ?? 1) & 1) === 0 && data[3] === 0x9d && data[4] === 0x01 && data[5] === 0x2a;
  if (!keyFrame) return null;
  const view = viewOf(data);
  return { ...STILL, components: 3, width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
}

/**
 * The chunk VP8L: 14 bits each for width and height, the alpha flag, and version 0 (WebP lossless format, section 3).
 */
function readLossless(data: Uint8Array): PictureHeader | null {
  if (data.length < 5 || data[0] !== 0x2f) return null;
  const bits = viewOf(data).getUint32(1, true);
  if (bits >>> 29 !== 0) return null;
  return {
    ...STILL,
    components: (bits >>> 28) & 1 ? 4 : 3,
    width: (bits & 0x3fff) + 1,
    height: ((bits >>> 14) & 0x3fff) + 1,
  };
}
