import { describe, expect, test } from "vitest";
import { nameLabel, round, textLine } from "../../../../src/image/overlay/lettering.ts";
import { textWidth } from "../../../../src/image/overlay/text.ts";
import { entityOf } from "../../../support/overlay-entity.ts";
import { font } from "../../../support/overlay-font.ts";

const lettering = { font, size: 12, onlyFont: false };
const plain = (label: string) => label.replace(/[\u2068\u2069]/g, "");

describe("nameLabel", () => {
  test("has the name, the type and the score with two decimals", () => {
    const label = nameLabel(entityOf("e1", "Ada Lovelace", "PER", true), 0.987, 400, lettering);
    expect(plain(label)).toBe("Ada Lovelace · PER 0.99");
  });

  test("leaves out a score that is null", () => {
    expect(plain(nameLabel(entityOf("e1", "Ada", "PER", true), null, 400, lettering))).toBe("Ada · PER");
  });

  test("cuts the name and keeps the score when the label is too wide", () => {
    const label = nameLabel(entityOf("e1", "A".repeat(99), "PER", true), 0.5, 150, lettering);
    expect(plain(label)).toMatch(/^A+… · PER 0\.50$/);
    expect(textWidth(label, 12, font)).toBeLessThanOrEqual(150);
  });

  test("starts with the entity's id when the only font lacks a character of the name", () => {
    const entity = entityOf("e7", "中国", "LOC", false);
    expect(plain(nameLabel(entity, null, 400, lettering))).toBe("中国 · LOC");
    expect(plain(nameLabel(entity, null, 400, { ...lettering, onlyFont: true }))).toBe("e7 □□ · LOC");
  });
});

describe("textLine", () => {
  test("places the baseline below the top and escapes the text", () => {
    const svg = textLine("<b>", 1, 2, "#fff", lettering);
    expect(svg).toMatch(/^<text x="1" y="14\.6" fill="#fff" .*font-size="12">&lt;b&gt;<\/text>$/);
  });
});

describe("round", () => {
  test("keeps one decimal", () => {
    expect([round(1.04), round(1.05), round(-0.26)]).toEqual([1, 1.1, -0.3]);
  });
});
