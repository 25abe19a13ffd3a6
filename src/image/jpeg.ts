import { viewOf } from "./bytes.ts";

/**
 * A marker segment of a JPEG, from its 0xFF at `start` to before `end`. A start-of-scan segment (SOS) includes the
 * entropy-coded data behind it.
 */
export interface Segment {
  readonly marker: number;
  readonly start: number;
  readonly end: number;
  /** The bytes behind the length field; empty for markers without one. */
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

/**
 * Whether a marker starts a frame (SOF) of any coding: 0xC0 to 0xCF except DHT, JPG and DAC (ITU-T T.81, table B.1).
 */
export function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker);
}

/** The segments of a JPEG from SOI to EOI, or up to where the file is cut off or damaged. */
export function* jpegSegments(bytes: Uint8Array): Generator<Segment> {
  const view = viewOf(bytes);
  let position = 0;
  while (position + 1 < bytes.length && bytes[position] === 0xff) {
    const start = position;
    // Any number of 0xFF bytes may precede a marker (T.81, B.1.1.2).
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

/** Offset at which a scan ends: the next 0xFF that is followed by neither a stuffed zero nor a restart marker. */
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
