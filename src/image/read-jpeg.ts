import { dataOf, hasAscii, viewOf } from "./bytes.ts";
import { readOrientation, withoutMarker } from "./exif.ts";
import { PictureError, type PictureHeader } from "./header.ts";
import { isFrame, jpegSegments, MARKER } from "./jpeg.ts";

/** Markers of codings that browsers and most models cannot read (ITU-T T.81, table B.1; T.87 for JPEG-LS). */
const REFUSED: Readonly<Record<number, string>> = {
  195: "a lossless JPEG",
  197: "a hierarchical JPEG",
  198: "a hierarchical JPEG",
  199: "a hierarchical JPEG",
  201: "an arithmetic-coded JPEG",
  202: "an arithmetic-coded JPEG",
  203: "a lossless JPEG",
  205: "a hierarchical JPEG",
  206: "a hierarchical JPEG",
  207: "a hierarchical JPEG",
  222: "a hierarchical JPEG",
  247: "a JPEG-LS",
};

/** Channels: grey, RGB or YCbCr, CMYK or YCCK. */
const COMPONENTS = [1, 3, 4];

/**
 * Reads the header of a JPEG, up to its first scan; null when there is none. The orientation is that of the first EXIF
 * segment before the scan, as in libvips.
 *
 * @throws PictureError `picture_type_not_supported`, which names the kind of JPEG, or `invalid_picture`
 */
export function readJpeg(bytes: Uint8Array): PictureHeader | null {
  let orientation: number | null = null;
  let frame: { width: number; height: number; components: number } | null = null;
  for (const segment of jpegSegments(bytes)) {
    const { marker, dataStart, dataEnd } = segment;
    if (marker === MARKER.SOS) break;
    const refused = REFUSED[marker];
    if (refused) throw notSupported(refused);
    if (marker === MARKER.APP1 && orientation === null) {
      const data = dataOf(bytes, segment);
      if (hasAscii(data, 0, "Exif\0\0")) orientation = readOrientation(withoutMarker(data));
    }
    if (!isFrame(marker) || dataEnd - dataStart < 6) continue;
    if (frame) throw new PictureError("invalid_picture", "The picture is a JPEG with more than one frame header.");
    frame = readFrame(dataOf(bytes, segment));
  }
  return frame && { ...frame, orientation: orientation ?? 1, animated: false };
}

function readFrame(data: Uint8Array) {
  const [precision = 0, components = 0] = [data[0], data[5]];
  if (precision !== 8) throw notSupported(`a JPEG with ${precision} bits per sample`);
  if (!COMPONENTS.includes(components)) throw notSupported(`a JPEG with ${components} channels`);
  const view = viewOf(data);
  const height = view.getUint16(1);
  if (height === 0) throw notSupported("a JPEG whose height is only in a DNL segment behind its pixels");
  return { width: view.getUint16(3), height, components };
}

function notSupported(kind: string): PictureError {
  const supported = "baseline, extended sequential and progressive JPEG with 8 bits per sample and 1, 3 or 4 channels";
  return new PictureError("picture_type_not_supported", `The picture is ${kind}; supported is ${supported}.`);
}
