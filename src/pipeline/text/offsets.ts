import type { OffsetEncoding } from "../../../schemas/primitives.ts";

/** Converts positions of one text between UTF-16 code units, in which the pipeline counts, and a caller's encoding. */
export interface Offsets {
  /** The text's length in the caller's encoding. */
  readonly length: number;
  /** Null for a position outside the text or inside a character. */
  toUtf16(offset: number): number | null;
  /** Throws a `RangeError` for a position outside the text or inside a character. */
  fromUtf16(index: number): number;
}

/**
 * Length of a code point in each encoding. A lone surrogate counts as U+FFFD, as encoders write it: 3 bytes in UTF-8.
 */
const LENGTHS: Readonly<Record<OffsetEncoding, (codePoint: number) => number>> = {
  "utf-16": (codePoint) => (codePoint > 0xffff ? 2 : 1),
  "utf-8": (codePoint) => (codePoint < 0x80 ? 1 : codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4),
  "code-point": () => 1,
};

/** The positions of a text, in one pass over it. */
export function offsetsOf(text: string, encoding: OffsetEncoding): Offsets {
  const toUtf16 = new Map<number, number>([[0, 0]]);
  const fromUtf16 = new Map<number, number>([[0, 0]]);
  let [index, offset] = [0, 0];
  for (const character of text) {
    index += character.length;
    offset += LENGTHS[encoding](character.codePointAt(0) ?? 0);
    toUtf16.set(offset, index);
    fromUtf16.set(index, offset);
  }
  return {
    length: offset,
    toUtf16: (position) => toUtf16.get(position) ?? null,
    fromUtf16(position) {
      const found = fromUtf16.get(position);
      if (found === undefined) throw new RangeError(`position ${position} is not between two characters of the text`);
      return found;
    },
  };
}
