import { hasAscii, viewOf } from "./bytes.ts";
import { readOrientation, withoutMarker } from "./exif.ts";
import { PictureError, type PictureHeader } from "./header.ts";
import { isFrame, jpegSegments, MARKER } from "./jpeg.ts";

/**
 * Frames of codings that are not taken (ITU-T T.81, table B.1; T.87 for the last). No browser and hardly a model reads
 * them.
 */
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

/** Grey, three colours, and CMYK or YCCK. */
const COMPONENTS = [1, 3, 4];

/**
 * The header of a JPEG, up to its first scan; null when it has none. An orientation tag counts wherever it stands
 * before the scan; of several, the first, as in libvips.
 *
 * @throws PictureError `picture_type_not_supported`, which names the kind of JPEG that is not taken, or
 * `invalid_picture`
 */
export function readJpeg(bytes: Uint8Array): PictureHeader | null {
  let orientation: number | null = null;
  let frame: { width: number; height: number; components: number } | null = null;
  for (const { marker, data } of jpegSegments(bytes)) {
    if (marker === MARKER.SOS) break;
    const refused = REFUSED[marker];
    if (refused) throw notTaken(refused);
    if (marker === MARKER.APP1 && hasAscii(data, 0, "Exif\0\0")) orientation ??= readOrientation(withoutMarker(data));
    if (!isFrame(marker) || data.length < 6) continue;
    if (frame) throw new PictureError("invalid_picture", "The picture is a JPEG with more than one frame header.");
    frame = readFrame(data);
  }
  return frame && { ...frame, orientation: orientation ?? 1, animated: false };
}

function readFrame(data: Uint8Array) {
  const [precision = 0, components = 0] = [data[0], data[5]];
  if (precision !== 8) throw notTaken(`a JPEG of ${precision} bits`);
  if (!COMPONENTS.includes(components)) throw notTaken(`a JPEG of ${components} channels`);
  const view = viewOf(data);
  const height = view.getUint16(1);
  if (height === 0) throw notTaken("a JPEG that says its height only behind its pixels (DNL)");
  return { width: view.getUint16(3), height, components };
}

function notTaken(what: string): PictureError {
  const taken = "baseline, extended sequential and progressive JPEG of 8 bits in 1, 3 or 4 channels are taken";
  return new PictureError("picture_type_not_supported", `The picture is ${what}; ${taken}.`);
}
