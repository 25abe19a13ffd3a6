import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Box, RleMask } from "../../../../schemas/primitives.ts";
import { assignMasks } from "../../../../src/stages/segmentation/assign-masks.ts";
import { encodeRle } from "../../../support/rle.ts";

const SIZE = { width: 12, height: 8 };
const boxAt = (xmin: number, ymin: number, width: number, height: number): Box => ({
  xmin,
  ymin,
  xmax: xmin + width,
  ymax: ymin + height,
});

/** A mask that fills a box, in a picture so many times smaller. */
function maskOf({ xmin, ymin, xmax, ymax }: Box, scale = 1): RleMask {
  const [width, height] = [SIZE.width / scale, SIZE.height / scale];
  const inside = (index: number) => {
    const [x, y] = [(index % width) * scale, Math.floor(index / width) * scale];
    return Number(x >= xmin && x < xmax && y >= ymin && y < ymax);
  };
  return encodeRle(
    Array.from({ length: width * height }, (_, index) => inside(index)),
    { width, height },
  );
}
const EMPTY = encodeRle(new Uint8Array(SIZE.width * SIZE.height), SIZE);
const [LEFT, RIGHT] = [boxAt(0, 0, 4, 4), boxAt(8, 4, 4, 4)];
const found = (mask: RleMask, score: number | null = null) => ({ readings: [mask], score });
const assign = (boxes: readonly Box[], ...masks: Parameters<typeof assignMasks>[1]) =>
  assignMasks(
    boxes.map((box, index) => ({ id: `r${index}`, box })),
    masks,
    SIZE,
    "test",
  );

describe("assignMasks", () => {
  test("gives each box the mask at it when the masks come in another order", () => {
    expect(assign([LEFT, RIGHT], found(maskOf(RIGHT), 0.5), found(maskOf(LEFT)))).toEqual([
      { id: "r0", mask: maskOf(LEFT), score: null, method: "test", reason: null },
      { id: "r1", mask: maskOf(RIGHT), score: 0.5, method: "test", reason: null },
    ]);
  });

  test("gives the better box the mask when two overlap it", () => {
    const wide = boxAt(0, 0, 8, 8);
    expect(assign([wide, LEFT], found(maskOf(LEFT))).map(({ mask }) => mask !== null)).toEqual([false, true]);
  });

  test("says why when a box has no mask", () => {
    expect(assign([LEFT, RIGHT], found(maskOf(LEFT)))[1]).toMatchObject({
      mask: null,
      method: null,
      reason: "no mask overlaps this box",
    });
  });

  test("takes the reading that fits when a mask has several", () => {
    const masks = assign([LEFT], { readings: [maskOf(RIGHT), maskOf(LEFT)], score: null });
    expect(masks[0]?.mask).toEqual(maskOf(LEFT));
  });

  test("compares in the picture's pixels when a mask is smaller than the picture", () => {
    expect(assign([RIGHT], found(maskOf(RIGHT, 4)))[0]?.mask).toEqual(maskOf(RIGHT, 4));
  });

  test.each([
    ["there are none", []],
    ["they are empty", [found(EMPTY)]],
    ["they lie elsewhere", [found(maskOf(RIGHT))]],
  ])("throws when no box has a mask because %s", (_, masks) => {
    expect(() => assign([LEFT], ...masks)).toThrow("found nothing in any box");
  });

  test("gives no mask twice and each box one result, in the order of the boxes", () => {
    const boxes = fc.tuple(fc.nat(8), fc.nat(4)).map(([x, y]) => boxAt(x, y, 4, 4));
    fc.assert(
      fc.property(
        fc.array(boxes, { minLength: 1, maxLength: 5 }),
        fc.array(boxes, { maxLength: 5 }),
        (asked, drawn) => {
          // Scores tell the masks apart.
          const masks = [...drawn, ...asked.slice(0, 1)].map((box, index) => found(maskOf(box), index / 10));
          const results = assign(asked, ...masks);
          expect(results.map(({ id }) => id)).toEqual(asked.map((_, index) => `r${index}`));
          const given = results.flatMap(({ score }) => (score === null ? [] : [score]));
          expect(new Set(given).size).toBe(given.length);
          for (const { mask, reason } of results) expect(mask === null).toBe(reason !== null);
        },
      ),
    );
  });
});
