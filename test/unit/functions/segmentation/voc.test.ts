import { describe, expect, it } from "vitest";
import { COCO_NAMES } from "../../../../functions/detect/coco.ts";
import { vocClass } from "../../../../functions/segmentation/voc.ts";

describe("vocClass", () => {
  it("numbers 20 of COCO's classes from 1 to 20, each once", () => {
    const numbers = Object.values(COCO_NAMES).flatMap((name) => vocClass(name) ?? []);
    expect(numbers.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index + 1));
  });

  it("returns null when VOC has no such class", () => {
    expect(["frisbee", "background", ""].map(vocClass)).toEqual([null, null, null]);
  });
});
