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
}

const ascii = (bytes: Uint8Array, at: number) => String.fromCharCode(...bytes.subarray(at, at + 4));

/** The chunks of a PNG up to `IEND`, or up to where the file is cut off. */
export function* pngChunks(bytes: Uint8Array): Generator<Chunk> {
  const view = viewOf(bytes);
  for (let start = 8; start + 12 <= bytes.length; ) {
    const length = view.getUint32(start);
    const end = start + 12 + length;
    if (end > bytes.length) return;
    const type = ascii(bytes, start + 4);
    yield { type, start, end, data: bytes.subarray(start + 8, start + 8 + length) };
    if (type === "IEND") return;
    start = end;
  }
}

/** The chunks of a WebP within its RIFF size, or up to where the file is cut off. */
export function* webpChunks(bytes: Uint8Array): Generator<Chunk> {
  const view = viewOf(bytes);
  const limit = Math.min(bytes.length, view.getUint32(4, true) + 8);
  for (let start = 12; start + 8 <= limit; ) {
    const length = view.getUint32(start + 4, true);
    const end = start + 8 + length + (length % 2);
    if (start + 8 + length > limit) return;
    yield {
      type: ascii(bytes, start),
      start,
      end: Math.min(end, limit),
      data: bytes.subarray(start + 8, start + 8 + length),
    };
    start = end;
  }
}
