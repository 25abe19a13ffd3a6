import { LIMITS } from "../../schemas/limits.ts";
import type { Size } from "../../schemas/primitives.ts";
import type { ProblemCode } from "../../schemas/problem.ts";
import { hasAscii, pngChunks, viewOf, webpChunks } from "./bytes.ts";
import { readOrientation, withoutMarker } from "./exif.ts";
import { isFrame, jpegSegments, MARKER } from "./jpeg.ts";

export type PictureType = "image/jpeg" | "image/png" | "image/webp";

/** What a picture's header says. Nothing of its pixels was decoded. */
export interface SniffedPicture {
  readonly type: PictureType;
  /** As stored. */
  readonly width: number;
  readonly height: number;
  /** EXIF orientation, 1 to 8. */
  readonly orientation: number;
  /** As it is meant to be looked at. */
  readonly upright: Size;
  /** Channels as stored: 4 in a JPEG is CMYK. */
  readonly components: number;
  readonly animated: boolean;
}

/** A picture that is not taken. `detail` is for the caller. */
export class PictureError extends Error {
  readonly code: ProblemCode;
  readonly detail: string;

  constructor(code: PictureError["code"], detail: string) {
    super(detail);
    this.name = "PictureError";
    this.code = code;
    this.detail = detail;
  }
}

type Header = Omit<SniffedPicture, "type" | "upright">;

/**
 * Read type, size and orientation from the header of a JPEG (any coding), PNG or WebP.
 *
 * @throws PictureError `picture_type_not_supported`, `invalid_picture` (cut off, or no size in it) or `picture_too_many_pixels`
 */
export function sniffPicture(bytes: Uint8Array): SniffedPicture {
  const type = typeOf(bytes);
  const header = READERS[type](bytes);
  if (!header || header.width < 1 || header.height < 1) {
    throw new PictureError("invalid_picture", `The picture begins like ${type} but has no readable header; it may be cut off.`);
  }
  const { width, height, orientation } = header;
  if (width * height > LIMITS.picturePixels) {
    const detail = `The picture has ${width} × ${height} = ${width * height} pixels; at most ${LIMITS.picturePixels} are taken.`;
    throw new PictureError("picture_too_many_pixels", detail);
  }
  // Orientations from 5 on lie on their side.
  const upright = orientation >= 5 ? { width: height, height: width } : { width, height };
  return { type, upright, ...header };
}

/** What other files begin with, so that a refusal can say what it was. */
const OTHERS: ReadonlyArray<[name: string, at: number, word: string]> = [
  ["GIF", 0, "GIF8"],
  ["BMP", 0, "BM"],
  ["TIFF", 0, "II*\0"],
  ["TIFF", 0, "MM\0*"],
  ["AVIF", 4, "ftypavif"],
  ["HEIC", 4, "ftyphei"],
  ["HEIC", 4, "ftypmif1"],
  ["MP4", 4, "ftyp"],
  ["PDF", 0, "%PDF"],
  ["SVG", 0, "<svg"],
  ["XML or SVG", 0, "<?xml"],
  ["HTML", 0, "<!"],
];

function typeOf(bytes: Uint8Array): PictureType {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return "image/jpeg";
  if (hasAscii(bytes, 0, "\x89PNG\r\n\x1a\n")) return "image/png";
  if (hasAscii(bytes, 0, "RIFF") && hasAscii(bytes, 8, "WEBP")) return "image/webp";
  const other = OTHERS.find(([, at, word]) => hasAscii(bytes, at, word))?.[0];
  const what = bytes.length === 0 ? "The picture is empty" : other ? `The picture looks like ${other}` : "The picture is of no known type";
  throw new PictureError("picture_type_not_supported", `${what}; JPEG, PNG and WebP are taken.`);
}

const READERS: Record<PictureType, (bytes: Uint8Array) => Header | null> = {
  "image/jpeg": readJpeg,
  "image/png": readPng,
  "image/webp": readWebp,
};

function readJpeg(bytes: Uint8Array): Header | null {
  let orientation = 1;
  for (const { marker, data } of jpegSegments(bytes)) {
    if (marker === MARKER.APP1 && hasAscii(data, 0, "Exif\0\0")) orientation = readOrientation(withoutMarker(data));
    if (isFrame(marker) && data.length >= 6) {
      const view = viewOf(data);
      return { height: view.getUint16(1), width: view.getUint16(3), components: data[5] ?? 0, orientation, animated: false };
    }
    if (marker === MARKER.SOS) return null;
  }
  return null;
}

const withOrientation = (header: Header, exif: Uint8Array): Header => ({ ...header, orientation: readOrientation(withoutMarker(exif)) });

/** Channels by PNG's colour type (PNG specification, 11.2.1). */
const PNG_CHANNELS: Readonly<Record<number, number>> = { 0: 1, 2: 3, 3: 3, 4: 2, 6: 4 };

function readPng(bytes: Uint8Array): Header | null {
  let header: Header | null = null;
  for (const { type, data } of pngChunks(bytes)) {
    if (type === "IHDR" && data.length === 13) {
      const view = viewOf(data);
      const components = PNG_CHANNELS[data[9] ?? -1];
      if (components === undefined) return null;
      header = { width: view.getUint32(0), height: view.getUint32(4), components, orientation: 1, animated: false };
    }
    if (!header) return null;
    if (type === "eXIf") header = withOrientation(header, data);
    if (type === "acTL") header = { ...header, animated: true };
  }
  return header;
}

function readWebp(bytes: Uint8Array): Header | null {
  let header: Header | null = null;
  for (const { type, data } of webpChunks(bytes)) {
    header ??= readWebpSize(type, data);
    if (!header) return null;
    if (type === "EXIF") header = withOrientation(header, data);
  }
  return header;
}

/** WebP container specification: the extended header, or the first frame's own (RFC 6386, section 9.1; WebP lossless, section 3). */
function readWebpSize(type: string, data: Uint8Array): Header | null {
  const view = viewOf(data);
  const rest = { orientation: 1, components: 3, animated: false };
  if (type === "VP8X" && data.length >= 10) {
    const size = (at: number) => 1 + view.getUint16(at, true) + ((data[at + 2] ?? 0) << 16);
    const flags = data[0] ?? 0;
    return { ...rest, width: size(4), height: size(7), components: flags & 0x10 ? 4 : 3, animated: (flags & 0x02) !== 0 };
  }
  if (type === "VP8 " && data.length >= 10 && data[3] === 0x9d && data[4] === 0x01 && data[5] === 0x2a) {
    return { ...rest, width: view.getUint16(6, true) & 0x3fff, height: view.getUint16(8, true) & 0x3fff };
  }
  if (type === "VP8L" && data.length >= 5 && data[0] === 0x2f) {
    const bits = view.getUint32(1, true);
    return { ...rest, width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1, components: (bits >>> 28) & 1 ? 4 : 3 };
  }
  return null;
}
