import { describe, expect, test } from "vitest";
import { clearArea } from "../../../../src/image/overlay/clear-areas.ts";
import { maskWhere } from "../../../support/overlay-entity.ts";

const BOX = { xmin: 10, ymin: 20, xmax: 110, ymax: 220 };
const CORNER = { x: 5, y: 7 };
const object = { evidence: "object" } as const;

describe("clearArea", () => {
  test("is the upper part of a person's box when there is no mask", () => {
    expect(clearArea({ type: "PER" }, object, BOX, null, CORNER)).toEqual({ ...BOX, ymax: 80 });
    expect(clearArea({ type: "musician" }, object, BOX, null, CORNER)).toEqual({ ...BOX, ymax: 80 });
  });

  test("is the upper part of a person's mask: where the head is, and no wider", () => {
    const size = { width: 100, height: 200 };
    const mask = maskWhere(size, (x, y) => (y < 60 ? x >= 40 && x < 60 && y >= 10 : x >= 10 && x < 90 && y < 110));
    const area = clearArea({ type: "PER" }, object, BOX, mask, CORNER);
    expect(area).toEqual({ xmin: 45, ymin: 17, xmax: 65, ymax: 47 });
  });

  test("is a person's box as without a mask when the mask is empty", () => {
    const mask = maskWhere({ width: 9, height: 9 }, () => false);
    expect(clearArea({ type: "PER" }, object, BOX, mask, CORNER)).toEqual({ ...BOX, ymax: 80 });
  });

  test("is all of printed words, also of a person's name, and nothing of another thing", () => {
    expect(clearArea({ type: "PER" }, { evidence: "print" }, BOX, null, CORNER)).toEqual(BOX);
    expect(clearArea({ type: "LOC" }, object, BOX, null, CORNER)).toBeNull();
    expect(clearArea({ type: "LOC" }, { evidence: null }, BOX, null, CORNER)).toBeNull();
  });
});
