import { describe, expect, test } from "vitest";
import { lacksLetters, nameLabel, round, textLine } from "../../../../src/image/overlay/lettering.ts";
import { textWidth } from "../../../../src/image/overlay/text.ts";
import { entityOf } from "../../../support/overlay-entity.ts";
import { allFonts, font } from "../../../support/overlay-font.ts";

const lettering = { font, size: 12, onlyFont: false };
const plain = (label: string) => label.replace(/[\u2068\u2069]/g, "");

describe("nameLabel", () => {
  const ada = entityOf("e1", "Ada Lovelace", "PER", true);

  test("has the name, the type in words and the chance", () => {
    const words = { isGuess: false, note: null, chance: "99%" };
    expect(plain(nameLabel(ada, 400, lettering, words))).toBe("Ada Lovelace · person 99%");
    expect(plain(nameLabel(ada, 400, lettering))).toBe("Ada Lovelace · person");
  });

  test("marks a guess before the name, and says what a region is", () => {
    const words = { isGuess: true, note: "printed", chance: null } as const;
    expect(plain(nameLabel(ada, 400, lettering, words))).toBe("? Ada Lovelace · person · printed");
  });

  test("cuts the name and keeps the mark and the chance when the label is too wide", () => {
    const words = { isGuess: true, note: null, chance: "50%" };
    const label = nameLabel(entityOf("e1", "A".repeat(99), "PER", true), 150, lettering, words);
    expect(plain(label)).toMatch(/^\? A+… · person 50%$/);
    expect(textWidth(label, 12, font)).toBeLessThanOrEqual(150);
  });

  test("cuts the type only where the name leaves it no room", () => {
    const ada = entityOf("e1", "Ada", "ORG", true);
    expect(plain(nameLabel(ada, 150, lettering))).toBe("Ada · organisation");
    expect(plain(nameLabel({ ...ada, text: "A".repeat(99) }, 150, lettering))).toMatch(/^A+… · org.*…$/);
  });

  test("has the entity's id for a name that the only font cannot draw, and no type that it cannot draw", () => {
    const entity = entityOf("e7", "中国", "国", false);
    expect(plain(nameLabel(entity, 400, lettering))).toBe("中国 · 国");
    expect(plain(nameLabel(entity, 400, { ...lettering, onlyFont: true }))).toBe("e7");
  });
});

describe("lacksLetters", () => {
  test.each([
    ["Ada", "PER", false],
    ["Ada 🗼", "PER", false],
    ["中国", "LOC", true],
    ["Ada", "国", true],
  ])("of %s, %s is %j in the only font, and false where there are others", (text, type, lacks) => {
    expect(lacksLetters({ text, type }, { ...lettering, onlyFont: true })).toBe(lacks);
    expect(lacksLetters({ text, type }, lettering)).toBe(false);
  });
});

describe("textLine", () => {
  test("places the baseline below the top and escapes the text", () => {
    const svg = textLine("<b>", 1, 2, "#fff", lettering);
    expect(svg).toMatch(/^<text x="1" y="14\.6" fill="#fff" .*font-size="12" xml:space="preserve">&lt;b&gt;<\/text>$/);
  });

  test("draws each character of another font alone, where the one before it ends", () => {
    const svg = textLine("A กข B", 0, 0, "#fff", { font: allFonts.font, size: 10, onlyFont: true });
    const pieces = Array.from(svg.matchAll(/<text x="([\d.]+)" [^>]*font-family="([^"]*)"[^>]*>([^<]*)</g));
    expect(pieces.map(([, , family, text]) => [family, text])).toEqual([
      ["DejaVu Sans", "A "],
      ["Noto Sans Thai", "ก"],
      ["Noto Sans Thai", "ข"],
      ["DejaVu Sans", " B"],
    ]);
    const [first = 0, second = 0, third = 0] = pieces.map(([, x]) => Number(x));
    expect(first).toBe(0);
    expect(second).toBeCloseTo(textWidth("A ", 10, font), 0);
    expect(third).toBeCloseTo(textWidth("A ก", 10, allFonts.font), 0);
  });
});

describe("round", () => {
  test("keeps one decimal", () => {
    expect([round(1.04), round(1.05), round(-0.26)]).toEqual([1, 1.1, -0.3]);
  });
});
