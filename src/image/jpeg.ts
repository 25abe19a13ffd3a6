import { viewOf } from "./bytes.ts";

/**
 * A marker segment of a JPEG: `start` at its 0xFF, `end` behind it. A scan's segment (SOS) ends where its entropy-coded
 * data ends.
 */
export interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
  /** Behind the two bytes of the length; empty for markers that have none. */
  readonly data: Uint8Array;
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

/** Start of frame, of any coding (ITU-T T.81, table B.1): 0xC0 to 0xCF without DHT, JPG and DAC. */
export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/**
 * The segments of a JPEG in order, SOI first, EOI last; ends early where the file is cut off or is no JPEG any more.
 */
export function* jpegSegments(bytes: Uint8Array): Generator<Segment> {
  const view = viewOf(bytes);
  let position = 0;
  while (position + 1 < bytes.length && bytes[position] === 0xff) {
    const start = position;
    // Any number of 0xFF may stand before a marker (T.81, B.1.1.2).
    while (bytes[position] === 0xff) position++;
    const marker = bytes[position++];
    if (marker === undefined || marker === 0) return;
    if (marker === MARKER.SOI || marker === MARKER.EOI || (marker >= 0xd0 && marker <= 0xd7) || marker === 0x01) {
      yield { marker, start, end: position, data: bytes.subarray(position, position) };
      if (marker === MARKER.EOI) return;
      continue;
    }
    if (position + 2 > bytes.length) return;
    const length = view.getUint16(position);
    if (length < 2 || position + length > bytes.length) return;
    const data = bytes.subarray(position + 2, position + length);
    position += length;
    if (marker === MARKER.SOS) position = scanEnd(bytes, position);
    yield { marker, start, end: position, data };
  }
}

/** Where a scan ends: at the next 0xFF that is followed by neither a stuffed zero nor a restart marker. */
function scanEnd(bytes: Uint8Array, from: number): number {
  for (let position = bytes.indexOf(0xff, from); position !== -1; position = bytes.indexOf(0xff, position)) {
    const next = bytes[position + 1];
    if (next === undefined) break;
    const inside = next === 0 || (next >= 0xd0 && next <= 0xd7);
    if (!inside && next !== 0xff) return position;
    position += inside ? 2 : 1;
  }
  return bytes.length;
}
