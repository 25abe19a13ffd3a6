import { concat, hasAscii, pngChunks, viewOf, webpChunks } from "./bytes.ts";
import { orientationOnly, withMarker } from "./exif.ts";
import { jpegSegments, MARKER } from "./jpeg.ts";
import { pngChunk } from "./png-chunk.ts";
import type { PictureType } from "./sniff.ts";

/**
 * Removes a picture's metadata: EXIF, XMP, IPTC, comments, thumbnails, second pictures, and everything behind its end.
 * Colour profiles are kept. An orientation other than 1 is kept as the only tag of a new EXIF block, because the
 * picture cannot be turned upright without it. Pixels are not changed. Bytes that belong to no segment, which decoders
 * skip, may hold metadata and are removed. A file that is cut off is closed where it ends, so that decoders show what
 * came.
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

/** Bytes that the closed and tagged file may have more than the file as it came. */
const ADDED_BYTES = 128;

/** The stripped file, in one buffer: a file of tiny segments must not become as many views. */
class Output {
  readonly #bytes: Uint8Array;
  #length = 0;

  constructor(capacity: number) {
    this.#bytes = new Uint8Array(capacity + ADDED_BYTES);
  }

  add(part: Uint8Array): void {
    this.#bytes.set(part, this.#length);
    this.#length += part.length;
  }

  get bytes(): Uint8Array {
    return this.#bytes.subarray(0, this.#length);
  }
}

function stripJpeg(bytes: Uint8Array, exif: Uint8Array | null): Uint8Array {
  const output = new Output(bytes.length);
  let last = 0;
  for (const { marker, start, end, data } of jpegSegments(bytes)) {
    last = marker;
    const isApplication = marker >= MARKER.APP0 && marker <= MARKER.APP15;
    const isNeeded =
      (marker === MARKER.APP0 && data.length >= JFIF_BYTES && hasAscii(data, 0, "JFIF\0")) ||
      (marker === MARKER.APP2 && hasAscii(data, 0, "ICC_PROFILE\0")) ||
      (marker === MARKER.APP14 && hasAscii(data, 0, "Adobe"));
    if ((isApplication && !isNeeded) || marker === MARKER.COM) continue;
    output.add(marker === MARKER.APP0 ? jpegSegment(marker, withoutThumbnail(data)) : bytes.subarray(start, end));
    if (marker === MARKER.SOI && exif) output.add(jpegSegment(MARKER.APP1, withMarker(exif)));
  }
  if (last !== MARKER.EOI) output.add(Uint8Array.of(0xff, MARKER.EOI));
  return output.bytes;
}

/** Bytes of a JFIF segment without its thumbnail. */
const JFIF_BYTES = 14;

/**
 * The JFIF segment without its thumbnail, whose size is in the last two of 14 bytes and its pixels behind (JFIF 1.02).
 */
function withoutThumbnail(data: Uint8Array): Uint8Array {
  const jfif = new Uint8Array(JFIF_BYTES);
  jfif.set(data.subarray(0, JFIF_BYTES - 2));
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
  const output = new Output(bytes.length);
  output.add(bytes.subarray(0, 8));
  let last = "";
  for (const { type, start, end, data, whole } of pngChunks(bytes)) {
    last = type;
    // A chunk that is cut off gets the length and the checksum of what came of it.
    if (PNG_KEPT.has(type)) output.add(whole ? bytes.subarray(start, end) : pngChunk(type, data));
    if (type === "IHDR" && exif) output.add(pngChunk("eXIf", exif));
  }
  if (last !== "IEND") output.add(pngChunk("IEND", new Uint8Array()));
  return output.bytes;
}

/** Chunks of pixels, animation and colour profile. */
const WEBP_KEPT = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]);
const [WEBP_XMP, WEBP_EXIF] = [0x04, 0x08];

function stripWebp(bytes: Uint8Array, exif: Uint8Array | null): Uint8Array {
  const output = new Output(bytes.length);
  output.add(bytes.subarray(0, 12));
  for (const { type, data } of webpChunks(bytes)) {
    if (!WEBP_KEPT.has(type)) continue;
    const chunk = riffChunk(type, data);
    // The extended header says which metadata chunks the file has.
    if (type === "VP8X") chunk[8] = ((chunk[8] ?? 0) & ~(WEBP_XMP | WEBP_EXIF)) | (exif ? WEBP_EXIF : 0);
    output.add(chunk);
  }
  if (exif) output.add(riffChunk("EXIF", exif));
  const stripped = output.bytes;
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
