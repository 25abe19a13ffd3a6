import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { OffsetEncoding } from "../../../../schemas/primitives.ts";
import { offsetsOf } from "../../../../src/pipeline/text/offsets.ts";
import { unicode } from "../../../support/unicode.ts";

describe("offsetsOf", () => {
  const slices: Record<OffsetEncoding, (text: string) => number> = {
    "utf-16": (text) => text.length,
    "utf-8": (text) => new TextEncoder().encode(text).length,
    "code-point": (text) => [...text].length,
  };
  test.each(Object.entries(slices) as Array<[OffsetEncoding, (text: string) => number]>)(
    "%s agrees with counting one character at a time, both ways, for every text",
    (encoding, lengthOf) => {
      fc.assert(
        fc.property(unicode, (text) => {
          const offsets = offsetsOf(text, encoding);
          expect(offsets.length).toBe(lengthOf(text));
          let index = 0;
          for (const character of ["", ...text]) {
            index += character.length;
            const offset = lengthOf(text.slice(0, index));
            expect(offsets.fromUtf16(index)).toBe(offset);
            expect(offsets.toUtf16(offset)).toBe(index);
          }
          expect(offsets.toUtf16(lengthOf(text) + 1)).toBeNull();
        }),
      );
    },
  );

  test("has no position inside a character", () => {
    expect(offsetsOf("a🚀", "utf-16").toUtf16(2)).toBeNull();
    expect(offsetsOf("é", "utf-8").toUtf16(1)).toBeNull();
    expect(() => offsetsOf("🚀", "code-point").fromUtf16(1)).toThrow(RangeError);
  });
});
