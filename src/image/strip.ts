import { concat, hasAscii, pngChunks, viewOf, webpChunks } from "./bytes.ts";
import { orientationOnly, withMarker } from "./exif.ts";
import { jpegSegments, MARKER } from "./jpeg.ts";
import { pngChunk } from "./png-chunk.ts";
import type { PictureType } from "./sniff.ts";

/**
 * Removes a picture's metadata: EXIF, XMP, IPTC, comments, thumbnails, second pictures, and everything behind its end.
 * Colour profiles are kept. An orientation other than 1 is kept as the only tag of a new EXIF block, because the
 * picture cannot be turned upright without it. Pixels are not changed.
 */
export function stripMetadata(bytes: Uint8Array, type: PictureType, orientation: number): Uint8Array {
  const exif = orientation === 1 ? null : orientationOnly(orientation);
  return STRIPPERS[type](bytes, exif);
}

type Strip = (bytes: Uint8Array, exif: Uint8Array | null) => Uint8Array;
const STRIPPERS: Record<PictureType, Strip> = {
  "image/jpeg": stripJpeg,
  "image/png": stripPng,
  "image/webp": stripWebp,
};

function stripJpeg(bytes: Uint8Array, exif: Uint8Array | null): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { marker, start, end, data } of jpegSegments(bytes)) {
    const isApplication = marker >= MARKER.APP0 && marker <= MARKER.APP15;
    const isNeeded =
      (marker === MARKER.APP0 && hasAscii(data, 0, "JFIF\0")) ||
      (marker === MARKER.APP2 && hasAscii(data, 0, "ICC_PROFILE\0")) ||
      (marker === MARKER.APP14 && hasAscii(data, 0, "Adobe"));
    if ((isApplication && !isNeeded) || marker === MARKER.COM) continue;
    parts.push(marker === MARKER.APP0 ? jpegSegment(marker, withoutThumbnail(data)) : bytes.subarray(start, end));
    if (marker === MARKER.SOI && exif) parts.push(jpegSegment(MARKER.APP1, withMarker(exif)));
  }
  return concat(parts);
}

/**
 * The JFIF segment without its thumbnail, whose size is in the last two of 14 bytes and its pixels behind (JFIF 1.02).
 */
function withoutThumbnail(data: Uint8Array): Uint8Array {
  const jfif = new Uint8Array(14);
  jfif.set(data.subarray(0, 12));
  return jfif;
}

function jpegSegment(marker: number, data: Uint8Array): Uint8Array {
  const length = data.length + 2;
  return concat([Uint8Array.of(0xff, marker, length >> 8, length & 0xff), data]);
}

/** Chunks that affect how pixels look. All other ancillary chunks are removed (PNG specification, 11.3). */
const PNG_KEPT = new Set([
  "IHDR",
  "PLTE",
  "IDAT",
  "IEND",
  "tRNS",
  "cHRM",
  "gAMA",
  "iCCP",
  "sBIT",
  "sRGB",
  "cICP",
  "acTL",
  "fcTL",
  "fdAT",
]);

function stripPng(bytes: Uint8Array, exif: Uint8Array | null): Uint8Array {
  const parts: Uint8Array[] = [bytes.subarray(0, 8)];
  for (const { type, start, end } of pngChunks(bytes)) {
    if (PNG_KEPT.has(type)) parts.push(bytes.subarray(start, end));
    if (type === "IHDR" && exif) parts.push(pngChunk("eXIf", exif));
  }
  return concat(parts);
}

/** Chunks of pixels, animation and colour profile. */
const WEBP_KEPT = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]);
const [WEBP_XMP, WEBP_EXIF] = [0x04, 0x08];

function stripWebp(bytes: Uint8Array, exif: Uint8Array | null): Uint8Array {
  const parts: Uint8Array[] = [bytes.slice(0, 12)];
  for (const { type, start, end } of webpChunks(bytes)) {
    if (!WEBP_KEPT.has(type)) continue;
    const chunk = bytes.slice(start, end);
    // The extended header says which metadata chunks the file has.
    if (type === "VP8X") chunk[8] = ((chunk[8] ?? 0) & ~(WEBP_XMP | WEBP_EXIF)) | (exif ? WEBP_EXIF : 0);
    parts.push(chunk.length % 2 === 0 ? chunk : concat([chunk, Uint8Array.of(0)]));
  }
  if (exif) parts.push(riffChunk("EXIF", exif));
  const stripped = concat(parts);
  viewOf(stripped).setUint32(4, stripped.length - 8, true);
  return stripped;
}

function riffChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(8 + data.length + (data.length % 2));
  chunk.set(new TextEncoder().encode(type));
  viewOf(chunk).setUint32(4, data.length, true);
  chunk.set(data, 8);
  return chunk;
}
