import { viewOf, webpChunks } from "./bytes.ts";
import { readOrientation, withoutMarker } from "./exif.ts";
import type { PictureHeader } from "./header.ts";

const [ANIMATION, EXIF, ALPHA] = [0x02, 0x08, 0x10];

/**
 * The header of a WebP: simple (lossy or lossless) or extended. Null when it has none, or when the picture inside is
 * not of the size that the extended header says, so that no decoder meets more pixels than were counted.
 */
export function readWebp(bytes: Uint8Array): PictureHeader | null {
  let extended: { header: PictureHeader; hasExif: boolean } | null = null;
  let inside: PictureHeader | null = null;
  let orientation = 1;
  let first = true;
  for (const { type, data } of webpChunks(bytes)) {
    if (first && type === "VP8X") {
      extended = readExtended(data);
      if (!extended) return null;
    }
    if (type === "VP8 " || type === "VP8L") inside ??= type === "VP8 " ? readLossy(data) : readLossless(data);
    // A simple file is its first chunk. In an extended one decoders look only for what its header announces.
    if (!extended) return inside;
    if (type === "EXIF" && extended.hasExif) orientation = readOrientation(withoutMarker(data));
    first = false;
  }
  if (!extended) return null;
  const { header } = extended;
  const agrees = header.animated || (inside?.width === header.width && inside.height === header.height);
  return agrees ? { ...header, orientation } : null;
}

const STILL = { orientation: 1, animated: false };

/** WebP container specification, "Extended File Format". */
function readExtended(data: Uint8Array): { header: PictureHeader; hasExif: boolean } | null {
  if (data.length < 10) return null;
  const view = viewOf(data);
  const size = (at: number) => 1 + view.getUint16(at, true) + ((data[at + 2] ?? 0) << 16);
  const flags = data[0] ?? 0;
  const components = flags & ALPHA ? 4 : 3;
  const header = { ...STILL, width: size(4), height: size(7), components, animated: (flags & ANIMATION) !== 0 };
  return { header, hasExif: (flags & EXIF) !== 0 };
}

/** RFC 6386, section 9.1: a key frame and its start code. */
function readLossy(data: Uint8Array): PictureHeader | null {
  const keyFrame =
    data.length >= 10 && ((data[0] ?? 1) & 1) === 0 && data[3] === 0x9d && data[4] === 0x01 && data[5] === 0x2a;
  if (!keyFrame) return null;
  const view = viewOf(data);
  return { ...STILL, components: 3, width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
}

/**
 * WebP lossless bitstream specification, section 3: 14 bits each, whether there is alpha, and the version, which is 0.
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
