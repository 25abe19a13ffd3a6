import { LIMITS } from "../../schemas/limits.ts";
import type { Size } from "../../schemas/primitives.ts";
import { hasAscii } from "./bytes.ts";
import { PictureError, type PictureHeader } from "./header.ts";
import { readJpeg } from "./read-jpeg.ts";
import { readPng } from "./read-png.ts";
import { readWebp } from "./read-webp.ts";

export { PictureError };

export type PictureType = "image/jpeg" | "image/png" | "image/webp";

/** What a picture's header says. Nothing of its pixels was decoded. */
export interface SniffedPicture extends PictureHeader {
  readonly type: PictureType;
  /** As it is meant to be looked at. */
  readonly upright: Size;
}

/**
 * Read type, size and orientation from the header of a JPEG, PNG or WebP.
 *
 * @throws PictureError `picture_type_not_supported` (another type, or a JPEG of a kind that is not taken),
 * `invalid_picture` (cut off, or no size in it) or `picture_too_many_pixels`
 */
export function sniffPicture(bytes: Uint8Array): SniffedPicture {
  const type = typeOf(bytes);
  const header = READERS[type](bytes);
  if (!header || header.width < 1 || header.height < 1) {
    throw new PictureError(
      "invalid_picture",
      `The picture begins like ${type} but has no readable header; it may be cut off or damaged.`,
    );
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
  ["JPEG 2000", 4, "jP  "],
  ["JPEG XL", 0, "\xff\x0a"],
  ["JPEG XL", 4, "JXL "],
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
  const what =
    bytes.length === 0
      ? "The picture is empty"
      : other
        ? `The picture looks like ${other}`
        : "The picture is of no known type";
  throw new PictureError("picture_type_not_supported", `${what}; JPEG, PNG and WebP are taken.`);
}

const READERS: Record<PictureType, (bytes: Uint8Array) => PictureHeader | null> = {
  "image/jpeg": readJpeg,
  "image/png": readPng,
  "image/webp": readWebp,
};
