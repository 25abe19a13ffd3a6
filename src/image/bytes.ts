import { refuseTooManyParts } from "./header.ts";

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

/** A part of a picture's file, as offsets: a file of a million parts would become as many views. */
export interface FilePart {
  /** The part with its header and its checksum or padding, from `start` to before `end`. */
  readonly start: number;
  readonly end: number;
  /** Its data, from `dataStart` to before `dataEnd`. Of a part that is cut off, what came of it. */
  readonly dataStart: number;
  readonly dataEnd: number;
}

/** A view of a part's data. */
export function dataOf(file: Uint8Array, { dataStart, dataEnd }: FilePart): Uint8Array {
  return file.subarray(dataStart, dataEnd);
}

/** A chunk of a PNG or RIFF file. */
export interface Chunk extends FilePart {
  readonly type: string;
  /** Whether the file holds the whole chunk: all of its data, and its checksum where the format has one. */
  readonly whole: boolean;
}

/**
 * The chunks of a PNG up to `IEND`, or up to where the file is cut off: of the last chunk of pixels, what came of it.
 * Throws `invalid_picture` past `LIMITS.pictureParts`.
 */
export function* pngChunks(bytes: Uint8Array): Generator<Chunk> {
  const view = viewOf(bytes);
  for (let start = 8, parts = 1; start + 12 <= bytes.length; parts++) {
    refuseTooManyParts(parts);
    const type = fourCharacters(bytes, start + 4);
    const [dataStart, length] = [start + 8, view.getUint32(start)];
    const whole = dataStart + length + 4 <= bytes.length;
    if (!whole && type !== "IDAT") return;
    const end = Math.min(dataStart + length + 4, bytes.length);
    yield { type, start, end, dataStart, dataEnd: Math.min(dataStart + length, bytes.length), whole };
    if (type === "IEND") return;
    start = end;
  }
}

/**
 * The chunks of a WebP that start within its RIFF size. The last one may lack its padding and is whole. Throws
 * `invalid_picture` past `LIMITS.pictureParts`.
 */
export function* webpChunks(bytes: Uint8Array): Generator<Chunk> {
  const view = viewOf(bytes);
  const limit = Math.min(bytes.length, view.getUint32(4, true) + 8);
  for (let start = 12, parts = 1; start + 8 <= limit; parts++) {
    refuseTooManyParts(parts);
    const [dataStart, length] = [start + 8, view.getUint32(start + 4, true)];
    const dataEnd = Math.min(dataStart + length, bytes.length);
    const end = Math.min(dataStart + length + (length % 2), bytes.length);
    yield { type: fourCharacters(bytes, start), start, end, dataStart, dataEnd, whole: dataStart + length === dataEnd };
    start = end;
  }
}

function fourCharacters(bytes: Uint8Array, at: number): string {
  return String.fromCharCode(bytes[at] ?? 0, bytes[at + 1] ?? 0, bytes[at + 2] ?? 0, bytes[at + 3] ?? 0);
}
