import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { sameThings, visibleParts } from "../../../functions/segmentation/exclusive.ts";
import { fitsBox } from "../../../functions/segmentation/mask.ts";
import type { Box } from "../../../schemas/primitives.ts";
import { encodeColumns, rleArea, rleShared } from "../../../schemas/rle.ts";

const size = { width: 40, height: 30 };
const box = (xmin: number, ymin: number, xmax: number, ymax: number): Box => ({ xmin, ymin, xmax, ymax });
/** A box with the mask of all its pixels. */
const full = (of: Box, layer?: number) => ({
  box: of,
  layer,
  mask: encodeColumns(
    Array.from({ length: size.width }, (_, x) => (x >= of.xmin && x < of.xmax ? [of.ymin, of.ymax] : [])),
    size,
  ),
});

describe("visibleParts", () => {
  test("gives no pixel to two masks, and answers only masks that fit their boxes as they did", () => {
    const anyBox = fc
      .tuple(fc.nat(30), fc.nat(20), fc.integer({ min: 1, max: 10 }), fc.integer({ min: 1, max: 10 }))
      .map(([x, y, width, height]) => box(x, y, x + width, y + height));
    fc.assert(
      fc.property(fc.array(fc.tuple(anyBox, fc.nat(3)), { maxLength: 8 }), (boxes) => {
        const masks = boxes.map(([of, layer]) => full(of, layer));
        const parts = visibleParts(masks);
        parts.forEach((part, index) => {
          if (!part) return;
          expect(fitsBox(part, masks[index]?.box as Box)).toBe(true);
          for (const other of parts.slice(index + 1)) expect(other ? rleShared(part, other) : 0).toBe(0);
        });
      }),
    );
  });

  test("puts the higher layer in front, and the smaller mask within a layer", () => {
    const [large, small] = [full(box(0, 0, 20, 20)), full(box(10, 10, 22, 22))];
    expect(visibleParts([large, small]).map((part) => part && rleArea(part))).toEqual([300, 144]);
    expect(visibleParts([{ ...large, layer: 1 }, small]).map((part) => part && rleArea(part))).toEqual([400, 44]);
  });

  test("puts a mask in front that would be lost behind, where the other one is not", () => {
    const [print, line] = [full(box(5, 5, 15, 10), 0), full(box(0, 0, 20, 20), 1)];
    expect(visibleParts([print, line]).map((part) => part && rleArea(part))).toEqual([50, 350]);
  });

  test("refuses a mask of which too little remains", () => {
    const [one, two] = [full(box(0, 0, 20, 20), 1), full(box(0, 0, 20, 24), 0)];
    expect(visibleParts([one, two]).map((part) => part && rleArea(part))).toEqual([400, null]);
  });
});

test("finds the first box of the same thing", () => {
  const boxes = [box(0, 0, 20, 20), box(0, 0, 20, 19), box(0, 0, 10, 20), box(0, 0, 10, 20)];
  expect(sameThings(boxes)).toEqual([0, 0, 2, 2]);
});
