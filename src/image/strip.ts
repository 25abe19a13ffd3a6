import { concat, dataOf, hasAscii, pngChunks, viewOf, webpChunks } from "./bytes.ts";
import { orientationOnly, withMarker } from "./exif.ts";
import { jpegSegments, MARKER, type Segment } from "./jpeg.ts";
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

/**
 * The stripped file, in one buffer. Parts of the source that adjoin are copied together, so that a file of tiny
 * segments does not become as many views.
 */
class Output {
  readonly #source: Uint8Array;
  readonly #bytes: Uint8Array;
  #length = 0;
  /** The part of the source that is kept and not yet copied. */
  #start = 0;
  #end = 0;

  constructor(source: Uint8Array) {
    this.#source = source;
    this.#bytes = new Uint8Array(source.length + ADDED_BYTES);
  }

  /** Appends the source from `start` to before `end`. */
  keep(start: number, end: number): void {
    if (start !== this.#end) this.#copy(start);
    this.#end = end;
  }

  /** Appends bytes that the source does not have. */
  add(part: Uint8Array): void {
    this.#copy(this.#end);
    this.#bytes.set(part, this.#length);
    this.#length += part.length;
  }

  get bytes(): Uint8Array {
    this.#copy(this.#end);
    return this.#bytes.subarray(0, this.#length);
  }

  /** Copies what is kept; the next part that is kept starts at `next`. */
  #copy(next: number): void {
    if (this.#end > this.#start) {
      this.#bytes.set(this.#source.subarray(this.#start, this.#end), this.#length);
      this.#length += this.#end - this.#start;
    }
    this.#start = next;
    this.#end = next;
  }
}

function stripJpeg(bytes: Uint8Array, exif: Uint8Array | null): Uint8Array {
  const output = new Output(bytes);
  let last = 0;
  for (const segment of jpegSegments(bytes)) {
    const { marker, start, end } = segment;
    last = marker;
    const isApplication = marker >= MARKER.APP0 && marker <= MARKER.APP15;
    if (marker === MARKER.COM || (isApplication && !isNeeded(bytes, segment))) continue;
    if (marker === MARKER.APP0) keepJfif(segment, output);
    else output.keep(start, end);
    if (marker === MARKER.SOI && exif) output.add(jpegSegment(MARKER.APP1, withMarker(exif)));
  }
  if (last !== MARKER.EOI) output.add(Uint8Array.of(0xff, MARKER.EOI));
  return output.bytes;
}

/** The start of the data of application segments that decoders need. */
const NEEDED: Readonly<Record<number, string>> = {
  [MARKER.APP0]: "JFIF\0",
  [MARKER.APP2]: "ICC_PROFILE\0",
  [MARKER.APP14]: "Adobe",
};

/** Bytes of a JFIF segment without its thumbnail. */
const JFIF_BYTES = 14;

function isNeeded(bytes: Uint8Array, { marker, dataStart, dataEnd }: Segment): boolean {
  const word = NEEDED[marker];
  const least = marker === MARKER.APP0 ? JFIF_BYTES : (word?.length ?? 0);
  return word !== undefined && dataEnd - dataStart >= least && hasAscii(bytes, dataStart, word);
}

/** The head of a JFIF segment without a thumbnail, and the size of none: its last two bytes (JFIF 1.02). */
const [JFIF_HEAD, NO_THUMBNAIL] = [Uint8Array.of(0xff, MARKER.APP0, 0, JFIF_BYTES + 2), Uint8Array.of(0, 0)];

function keepJfif({ dataStart }: Segment, output: Output): void {
  output.add(JFIF_HEAD);
  output.keep(dataStart, dataStart + JFIF_BYTES - NO_THUMBNAIL.length);
  output.add(NO_THUMBNAIL);
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
  const output = new Output(bytes);
  output.keep(0, 8);
  let last = "";
  for (const chunk of pngChunks(bytes)) {
    const { type, start, end } = chunk;
    last = type;
    // A chunk that is cut off gets the length and the checksum of the bytes that arrived.
    if (PNG_KEPT.has(type) && chunk.whole) output.keep(start, end);
    else if (PNG_KEPT.has(type)) output.add(pngChunk(type, dataOf(bytes, chunk)));
    if (type === "IHDR" && exif) output.add(pngChunk("eXIf", exif));
  }
  if (last !== "IEND") output.add(pngChunk("IEND", new Uint8Array()));
  return output.bytes;
}

/** Bytes before the first chunk. */
const RIFF_BYTES = 12;

/** Chunks of pixels, animation and colour profile. */
const WEBP_KEPT = new Set(["VP8 ", "VP8L", "VP8X", "ALPH", "ANIM", "ANMF", "ICCP"]);
const [WEBP_XMP, WEBP_EXIF] = [0x04, 0x08];

function stripWebp(bytes: Uint8Array, exif: Uint8Array | null): Uint8Array {
  const output = new Output(bytes);
  output.keep(0, RIFF_BYTES);
  for (const chunk of webpChunks(bytes)) {
    const { type, start, end, dataStart, dataEnd } = chunk;
    if (!WEBP_KEPT.has(type)) continue;
    if (type === "VP8X") {
      // Only the first chunk can be the extended header.
      if (start === RIFF_BYTES) output.add(extendedHeader(dataOf(bytes, chunk), exif !== null));
    } else if (chunk.whole && (dataEnd - dataStart) % 2 === 0) output.keep(start, end);
    else if (chunk.whole) {
      output.keep(start, dataEnd);
      output.add(PADDING);
    } else output.add(riffChunk(type, dataOf(bytes, chunk)));
  }
  if (exif) output.add(riffChunk("EXIF", exif));
  const stripped = output.bytes;
  viewOf(stripped).setUint32(4, stripped.length - 8, true);
  return stripped;
}

/** The byte behind data of an odd length (WebP container specification, "RIFF File Format"). */
const PADDING = Uint8Array.of(0);

/** The extended header. It says which metadata chunks the file has. */
function extendedHeader(data: Uint8Array, hasExif: boolean): Uint8Array {
  const chunk = riffChunk("VP8X", data);
  chunk[8] = ((chunk[8] ?? 0) & ~(WEBP_XMP | WEBP_EXIF)) | (hasExif ? WEBP_EXIF : 0);
  return chunk;
}

function riffChunk(type: string, data: Uint8Array): Uint8Array {
  const chunk = new Uint8Array(8 + data.length + (data.length % 2));
  chunk.set(new TextEncoder().encode(type));
  viewOf(chunk).setUint32(4, data.length, true);
  chunk.set(data, 8);
  return chunk;
}
