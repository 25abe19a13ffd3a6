import { describe, expect, test } from "vitest";
import type { Box } from "../../../../schemas/primitives.ts";
import { compressCounts } from "../../../../schemas/rle.ts";
import { checkMask } from "../../../../src/pipeline/picture/check-mask.ts";
import { encodeRle } from "../../../support/rle.ts";

describe("checkMask", () => {
  const size = { width: 40, height: 40 };
  const filled = (box: Box) =>
    encodeRle(
      Array.from({ length: 1600 }, (_, index) => {
        const [x, y] = [(index % 40) + 0.5, Math.floor(index / 40) + 0.5];
        return Number(x > box.xmin && x < box.xmax && y > box.ymin && y < box.ymax);
      }),
      size,
    );
  const box = { xmin: 10, ymin: 10, xmax: 30, ymax: 30 };
  test.each([
    ["of the whole box", filled(box), null],
    ["a quarter outside it", filled({ ...box, xmax: 36.9 }), "outside_box"],
    ["in a corner of it", filled({ xmin: 10, ymin: 10, xmax: 20, ymax: 20 }), "bounds_differ"],
    ["that is empty", filled({ xmin: 0, ymin: 0, xmax: 0, ymax: 0 }), "no_mask"],
    ["that is malformed", { size: [40, 40] as [number, number], counts: "1" }, "no_mask"],
    [
      "of a picture of another shape",
      encodeRle(new Uint8Array(40 * 44).fill(1), { width: 44, height: 40 }),
      "bounds_differ",
    ],
  ])("judges a mask %s: %s", (_, mask, reason) => {
    expect(checkMask(mask, box, size, 1).reason).toBe(reason);
  });

  test.each([1, 6])("gives a mask to the last pixel one string, whichever a model wrote (orientation %d)", (turn) => {
    const whole = { xmin: 0, ymin: 0, xmax: 40, ymax: 40 };
    const written = [
      [0, 1600],
      [0, 1600, 0],
      [0, 800, 0, 800],
      [0, 0, 0, 1599, 0, 1, 0, 0],
    ].map(compressCounts);
    const masks = written.map((counts) => checkMask({ size: [40, 40], counts }, whole, size, turn).mask);
    expect(masks).toEqual(masks.map(() => filled(whole)));
  });

  test("scales a mask when it has the picture at half its size", () => {
    const half = encodeRle(
      Array.from({ length: 400 }, (_, index) =>
        Number(index % 20 >= 5 && index % 20 < 15 && index >= 100 && index < 300),
      ),
      { width: 20, height: 20 },
    );
    expect(checkMask(half, box, size, 1).mask).toEqual(filled(box));
  });
});
