import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { readFont } from "../../../../src/image/overlay/font.ts";
import { allFonts, font, fontBytes } from "../../../support/overlay-font.ts";

const advance = (character: string) => font.advance(character.codePointAt(0) ?? 0);

describe("readFont", () => {
  // In units of 1/2048 em. text.test.ts compares widths with what the renderer draws.
  test.each([
    ["A", 1585],
    ["i", 702],
    [" ", 713],
    ["0", 1425],
  ])("reads the width of %j", (character, units) => {
    expect(advance(character)).toBe(units / 2048);
  });

  test("gives null when the font has no glyph", () => {
    for (const character of ["中", "ह", "\u{1f5fc}"]) expect(advance(character)).toBeNull();
  });

  test("gives a width of 0 to 3 em, or null, for every code point", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 0x10ffff }), (codePoint) => {
        const width = font.advance(codePoint);
        expect(width === null || (width >= 0 && width < 3)).toBe(true);
      }),
    );
  });

  test.each(["cmap", "head", "hhea", "hmtx"])("throws when the table %s is missing", (name) => {
    const bytes = fontBytes.slice();
    const at = Buffer.from(bytes).indexOf(name);
    bytes.set(new TextEncoder().encode("none"), at);
    expect(() => readFont(bytes.buffer, "Sans")).toThrow(new RangeError(`the font has no table "${name}"`));
  });

  test("throws when the bytes are no TrueType font", () => {
    expect(() => readFont(new ArrayBuffer(64), "Sans")).toThrow(RangeError);
  });
});

describe("joinFonts", () => {
  test.each([
    ["A", "DejaVu Sans"],
    ["ก", "Noto Sans Thai"],
    ["ह", "Noto Sans Devanagari"],
    ["中", "Droid Sans Fallback"],
    ["の", "Droid Sans Fallback"],
    ["김", "Droid Sans Fallback"],
  ])("draws %s in the first font that has it", (character, family) => {
    const codePoint = character.codePointAt(0) ?? 0;
    expect(allFonts.font.family(codePoint)).toBe(family);
    expect(allFonts.font.advance(codePoint)).toBeGreaterThan(0);
  });

  test("gives null for a character that no font has", () => {
    expect(allFonts.font.family(0x0b85)).toBeNull();
    expect(allFonts.font.advance(0x0b85)).toBeNull();
  });

  test("has the characters of the national sets", () => {
    for (const text of [
      "习近平蔡英文昊淼",
      "東京都渋谷区",
      "ひらがなカタカナー・「」",
      "김연아서울",
      "กรุงเทพมหานครอำนาจ",
      "नरेन्द्र मोदी",
    ])
      for (const character of text) expect(allFonts.font.advance(character.codePointAt(0) ?? 0)).not.toBeNull();
  });
});
