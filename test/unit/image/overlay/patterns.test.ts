import { describe, expect, test } from "vitest";
import { STYLES, styleAt } from "../../../../src/image/overlay/colours.ts";
import { dashesOf, patternDefinitions, patternPaint } from "../../../../src/image/overlay/patterns.ts";

describe("patternDefinitions", () => {
  test("defines each pattern that the styles paint with, once", () => {
    const svg = patternDefinitions([...STYLES, ...STYLES], 12);
    const ids = Array.from(svg.matchAll(/<pattern id="([^"]+)"/g), ([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const style of STYLES) {
      for (const paint of [patternPaint(style, "tint"), patternPaint(style, "plate")])
        if (paint !== null) expect(ids.map((id) => `url(#${id})`)).toContain(paint);
    }
  });

  test("defines nothing for plain styles", () => {
    expect(patternDefinitions([styleAt(0), styleAt(7)], 12)).toBe("");
  });
});

describe("a style's paint and dashes", () => {
  test("are none for a plain style, and differ between patterns of one colour", () => {
    expect([patternPaint(styleAt(0), "tint"), dashesOf(styleAt(0))]).toEqual([null, null]);
    const styles = [8, 16, 24].map(styleAt);
    expect(new Set(styles.map((style) => patternPaint(style, "tint"))).size).toBe(3);
    expect(new Set(styles.map((style) => JSON.stringify(dashesOf(style)))).size).toBe(3);
  });
});
