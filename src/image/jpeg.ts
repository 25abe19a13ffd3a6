import { type FilePart, viewOf } from "./bytes.ts";
import { refuseTooManyParts } from "./header.ts";

/**
 * A marker segment of a JPEG, from its 0xFF at `start` to before `end`. A start-of-scan segment (SOS) includes the
 * entropy-coded data behind it. Its data are the bytes behind the length field; none for markers without one.
 */
export interface Segment extends FilePart {
  readonly marker: number;
}

export const MARKER = {
  SOI: 0xd8,
  EOI: 0xd9,
  SOS: 0xda,
  APP0: 0xe0,
  APP1: 0xe1,
  APP2: 0xe2,
  APP14: 0xee,
  APP15: 0xef,
  COM: 0xfe,
} as const;

/**
 * Whether a marker starts a frame (SOF) of any coding: 0xC0 to 0xCF except DHT, JPG and DAC (ITU-T T.81, table B.1).
 */
export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/**
 * The segments of a JPEG from SOI to EOI, or up to where the file is cut off. As in decoders, bytes between two
 * segments are skipped up to the next marker (libjpeg's `next_marker`): stray bytes, fill bytes and markers that stand
 * alone belong to no segment. Throws `invalid_picture` past `LIMITS.pictureParts`.
 */
export function* jpegSegments(bytes: Uint8Array): Generator<Segment> {
  const view = viewOf(bytes);
  let [position, parts] = [0, 0];
  for (let start = nextMarker(bytes, 0); start !== -1; start = nextMarker(bytes, position)) {
    refuseTooManyParts(++parts);
    const marker = bytes[start + 1] ?? 0;
    position = start + 2;
    if (marker === MARKER.SOI || marker === MARKER.EOI) {
      yield { marker, start, end: position, dataStart: position, dataEnd: position };
      if (marker === MARKER.EOI) return;
      continue;
    }
    if (position + 2 > bytes.length) return;
    // The length counts its own two bytes. Decoders take a smaller one for an empty segment.
    const length = Math.max(2, view.getUint16(position));
    if (position + length > bytes.length) return;
    const dataStart = position + 2;
    position += length;
    const dataEnd = position;
    if (marker === MARKER.SOS) {
      const end = nextMarker(bytes, position);
      // Of a scan without a byte of pixels, decoders would show one colour.
      if (end === -1 && position === bytes.length) return;
      position = end === -1 ? bytes.length : end;
    }
    yield { marker, start, end: position, dataStart, dataEnd };
  }
}

/**
 * Offset of the next 0xFF that is directly followed by EOI, or by a marker that starts a segment; of SOI only at the
 * start of the file. -1 when there is none. Stuffed zeros, restart markers and reserved markers end no scan.
 */
function nextMarker(bytes: Uint8Array, from: number): number {
  for (let position = from; position < bytes.length; ) {
    // Only where the next byte is no marker: a search for each of millions of restart markers takes long.
    if (bytes[position] !== 0xff) position = bytes.indexOf(0xff, position);
    if (position === -1) break;
    const next = bytes[position + 1] ?? 0;
    if (startsSegment(next) || next === MARKER.EOI || (next === MARKER.SOI && position === 0)) return position;
    position += next === 0xff ? 1 : 2;
  }
  return -1;
}

/** Whether a marker starts a segment with a length (T.81, table B.1; 0xF7 is the frame of JPEG-LS). */
function startsSegment(marker: number): boolean {
  return (
    (marker >= 0xc0 && marker <= 0xcf) ||
    (marker >= MARKER.SOS && marker <= MARKER.APP15) ||
    marker === 0xf7 ||
    marker === MARKER.COM
  );
}
