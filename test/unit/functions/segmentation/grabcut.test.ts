import { describe, expect, it } from "vitest";
import { boxTrimap, priorTrimap } from "../../../../functions/segmentation/grabcut.ts";

describe("boxTrimap", () => {
  const crop = { box: { xmin: 0, ymin: 0, xmax: 60, ymax: 60 }, width: 30, height: 30 };
  const box = { xmin: 10, ymin: 10, xmax: 50, ymax: 50 };
  const trimap = boxTrimap(crop, box);
  const at = (x: number, y: number) => trimap[Math.floor(y / 2) * 30 + Math.floor(x / 2)];

  it("marks the core of the box as foreground, and everything outside as background", () => {
    expect(at(30, 30)).toBe(1);
    for (const [x, y] of [
      [5, 30],
      [30, 55],
      [0, 0],
    ] as const) {
      expect(at(x, y)).toBe(0);
    }
  });

  it("marks the corners of the box as probably background, and the rest as probably foreground", () => {
    expect(at(11, 11)).toBe(2);
    expect(at(49, 49)).toBe(2);
    expect(at(30, 12)).toBe(3);
    expect(at(40, 40)).toBe(3);
  });

  it("has foreground and background when the box covers the whole crop", () => {
    const whole = boxTrimap(crop, crop.box);
    expect(new Set(whole)).toEqual(new Set([1, 2, 3]));
  });
});

describe("priorTrimap", () => {
  it("trusts the model beyond the two limits, and leaves the rest to the colours", () => {
    const labels = priorTrimap(Float32Array.of(0, 0.04, 0.3, 0.5, 0.51, 0.91, 1), 0.05, 0.9);
    expect([...labels]).toEqual([0, 0, 2, 2, 3, 1, 1]);
  });
});
