/** Whether the bytes hold an ASCII word at offset `at`. */
export function hasAscii(bytes: Uint8Array, at: number, word: string): boolean {
  if (at < 0 || at + word.length > bytes.length) return false;
  for (let index = 0; index < word.length; index++) if (bytes[at + index] !== word.charCodeAt(index)) return false;
  return true;
}

/** A view of exactly these bytes, which may be a part of a larger buffer. */
export function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** The bytes of all parts, in order. */
export function concat(parts: readonly Uint8Array[]): Uint8Array {
  const joined = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let position = 0;
  for (const part of parts) {
    joined.set(part, position);
    position += part.length;
  }
  return joined;
}

/** A chunk of a PNG or RIFF file. `start` to before `end` includes its header and its checksum or padding. */
export interface Chunk {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly data: Uint8Array;
  /** Whether the file holds the whole chunk: all of its data, and its checksum where the format has one. */
  readonly whole: boolean;
}

const ascii = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/**
 * The chunks of a PNG up to `IEND`, or up to where the file is cut off. Of the last chunk of pixels, `data` is what
 * came of it.
 */
export function* pngChunks(bytes: Uint8Array): Generator<Chunk> {
  const view = viewOf(bytes);
  for (let start = 8; start + 12 <= bytes.length; ) {
    const length = view.getUint32(start);
    const type = ascii(bytes, start + 4);
    const whole = start + 12 + length <= bytes.length;
    if (!whole && type !== "IDAT") return;
    const end = Math.min(start + 12 + length, bytes.length);
    yield { type, start, end, data: bytes.subarray(start + 8, start + 8 + length), whole };
    if (type === "IEND") return;
    start = end;
  }
}

/**
 * The chunks of a WebP that start within its RIFF size. Of the last chunk of a file that is cut off, `data` is what
 * came of it.
 */
export function* webpChunks(bytes: Uint8Array): Generator<Chunk> {
  const view = viewOf(bytes);
  const limit = Math.min(bytes.length, view.getUint32(4, true) + 8);
  for (let start = 12; start + 8 <= limit; ) {
    const length = view.getUint32(start + 4, true);
    const end = Math.min(start + 8 + length + (length % 2), bytes.length);
    const whole = start + 8 + length <= bytes.length;
    yield { type: ascii(bytes, start), start, end, data: bytes.subarray(start + 8, start + 8 + length), whole };
    start = end;
  }
}
