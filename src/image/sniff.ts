import { LIMITS } from "../../schemas/limits.ts";
import type { Size } from "../../schemas/primitives.ts";
import { hasAscii } from "./bytes.ts";
import { PictureError, type PictureHeader } from "./header.ts";
import { readJpeg } from "./read-jpeg.ts";
import { readPng } from "./read-png.ts";
import { readWebp } from "./read-webp.ts";

export { PictureError };

const PICTURE_TYPES = ["image/jpeg", "image/png", "image/webp"] as const;
export type PictureType = (typeof PICTURE_TYPES)[number];

/** Whether a media type is one of those. */
export function isPictureType(type: string): type is PictureType {
  return (PICTURE_TYPES as readonly string[]).includes(type);
}

/** A picture's type and what its header says. No pixel was decoded. */
export interface SniffedPicture extends PictureHeader {
  readonly type: PictureType;
  /** Size in pixels after the orientation is applied. */
  readonly upright: Size;
}

/**
 * Reads type, size and orientation from the header of a JPEG, PNG or WebP.
 *
 * @throws PictureError `picture_type_not_supported` (another type, or an unsupported kind of JPEG), `invalid_picture`
 * (cut off, without a size, or with too many segments or chunks) or `picture_too_many_pixels`
 */
export function sniffPicture(bytes: Uint8Array): SniffedPicture {
  const type = typeOf(bytes);
  const header = READERS[type](bytes);
  if (!header || header.width < 1 || header.height < 1) {
    throw new PictureError(
      "invalid_picture",
      `The picture starts like ${type} but has no readable header; it may be cut off or damaged.`,
    );
  }
  const { width, height, orientation } = header;
  if (width * height > LIMITS.picturePixels) {
    const pixels = `${width} × ${height} = ${width * height} pixels`;
    const detail = `The picture has ${pixels}; the limit is ${LIMITS.picturePixels}.`;
    throw new PictureError("picture_too_many_pixels", detail);
  }
  // A mask costs memory for each row and each column, however few pixels they have.
  if (Math.max(width, height) > LIMITS.pictureSide) {
    const detail = `The picture has ${width} × ${height} pixels; the limit of a side is ${LIMITS.pictureSide}.`;
    throw new PictureError("picture_too_many_pixels", detail);
  }
  // Orientations 5 to 8 swap width and height.
  const upright = orientation >= 5 ? { width: height, height: width } : { width, height };
  return { type, upright, ...header };
}

/** First bytes of other file types, so that the error can name the type. */
const OTHERS: ReadonlyArray<[name: string, at: number, word: string]> = [
  ["GIF", 0, "GIF8"],
  ["BMP", 0, "BM"],
  ["TIFF", 0, "II*\0"],
  ["TIFF", 0, "MM\0*"],
  ["AVIF", 4, "ftypavif"],
  ["HEIC", 4, "ftyphei"],
  ["HEIC", 4, "ftypmif1"],
  ["MP4", 4, "ftyp"],
  ["JPEG 2000", 4, "jP  "],
  ["JPEG XL", 0, "\xff\x0a"],
  ["JPEG XL", 4, "JXL "],
  ["PDF", 0, "%PDF"],
  ["SVG", 0, "<svg"],
  ["XML or SVG", 0, "<?xml"],
  ["HTML", 0, "<!"],
];

function typeOf(bytes: Uint8Array): PictureType {
  if (bytes[0] === 0xff && bytes[1] === 0xd8) return "image/jpeg";
  if (hasAscii(bytes, 0, "\x89PNG\r\n\x1a\n")) return "image/png";
  if (hasAscii(bytes, 0, "RIFF") && hasAscii(bytes, 8, "WEBP")) return "image/webp";
  const other = OTHERS.find(([, at, word]) => hasAscii(bytes, at, word))?.[0];
  const subject =
    bytes.length === 0
      ? "The picture is empty"
      : other
        ? `The picture looks like ${other}`
        : "The picture has an unknown type";
  throw new PictureError("picture_type_not_supported", `${subject}; supported are JPEG, PNG and WebP.`);
}

const READERS: Record<PictureType, (bytes: Uint8Array) => PictureHeader | null> = {
  "image/jpeg": readJpeg,
  "image/png": readPng,
  "image/webp": readWebp,
};
