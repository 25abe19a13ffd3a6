import { describe, expect, it } from "vitest";
import { COCO_NAMES } from "../../../../functions/detect/coco.ts";

describe("COCO_NAMES", () => {
  it("has 80 different names at numbers from 1 to 90", () => {
    expect(new Set(Object.values(COCO_NAMES)).size).toBe(80);
    for (const number of Object.keys(COCO_NAMES).map(Number)) expect(number >= 1 && number <= 90).toBe(true);
  });

  it("leaves out the ten numbers that COCO never used", () => {
    const unused = [12, 26, 29, 30, 45, 66, 68, 69, 71, 83];
    expect(unused.filter((number) => number in COCO_NAMES)).toEqual([]);
  });
});
