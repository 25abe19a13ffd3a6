import { pngChunks, viewOf } from "./bytes.ts";
import { jpegSegments, MARKER } from "./jpeg.ts";
import type { PictureType } from "./sniff.ts";

/** What shows that a picture's file ends too early, as a clause; null when nothing does. No pixel is decoded. */
export function cutOff(bytes: Uint8Array, type: PictureType): string | null {
  return CHECKS[type](bytes);
}

const CHECKS: Record<PictureType, (bytes: Uint8Array) => string | null> = {
  "image/jpeg": (bytes) => {
    for (const { marker } of jpegSegments(bytes)) if (marker === MARKER.EOI) return null;
    return "a JPEG ends with the marker EOI, and this one has none";
  },
  "image/png": (bytes) => {
    for (const { type } of pngChunks(bytes)) if (type === "IEND") return null;
    return "a PNG ends with the chunk IEND, and this one has none";
  },
  "image/webp": (bytes) => {
    const size = viewOf(bytes).getUint32(4, true) + 8;
    return size > bytes.length ? `its header says that it has ${size} bytes` : null;
  },
};
