import { describe, expect, test } from "vitest";
import { DIM, GROUND, LIGHT, STYLES, styleAt } from "../../../../src/image/overlay/colours.ts";
import { contrast, distance, labOf, luminance, rgbOf, VISIONS } from "../../../support/colour-vision.ts";

const between = (a: string, b: string) => contrast(luminance(rgbOf(a)), luminance(rgbOf(b)));

describe("the styles of entities", () => {
  test.each(Object.entries(VISIONS))("have eight colours that people with %s vision tell apart", (_, vision) => {
    const colours = STYLES.slice(0, 8).map(({ fill }) => labOf(rgbOf(fill), vision));
    for (const [index, colour] of colours.entries())
      for (const other of colours.slice(index + 1)) expect(distance(colour, other)).toBeGreaterThan(35);
  });

  test("tell colours apart better than Okabe and Ito's", () => {
    const okabeIto = ["#e69f00", "#56b4e9", "#009e73", "#f0e442", "#0072b2", "#d55e00", "#cc79a7"];
    const colours = okabeIto.map((colour) => labOf(rgbOf(colour), VISIONS.tritan));
    const all = colours.flatMap((colour, index) => colours.slice(index + 1).map((other) => distance(colour, other)));
    expect(Math.min(...all)).toBeLessThan(20);
  });

  test("are plain for eight entities, then differ by pattern, then repeat", () => {
    const styles = Array.from({ length: 32 }, (_, index) => styleAt(index));
    expect(new Set(styles.slice(0, 8).map(({ pattern }) => pattern))).toEqual(new Set(["plain"]));
    expect(new Set(styles.map(({ fill, pattern }) => `${fill} ${pattern}`)).size).toBe(32);
    expect([styleAt(8).fill, styleAt(8).pattern]).toEqual([styleAt(0).fill, "hatch"]);
    expect(styleAt(32)).toEqual(styleAt(0));
  });

  test("have text of a contrast of 5:1 or more on each colour and on the ground", () => {
    for (const { fill, ink } of STYLES) expect(between(fill, ink)).toBeGreaterThanOrEqual(5);
    for (const colour of [LIGHT, DIM]) expect(between(colour, GROUND)).toBeGreaterThanOrEqual(5);
  });
});
