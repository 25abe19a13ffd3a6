import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fitsBox, placeMask } from "../../../../functions/segmentation/mask.ts";
import { resample } from "../../../../functions/segmentation/plane.ts";
import { decodeRle, encodeRle } from "../../../support/rle.ts";

const PICTURE = { width: 12, height: 8 };
const WHOLE = { xmin: 0, ymin: 0, xmax: 12, ymax: 8 };

describe("placeMask", () => {
  it("sets the pixels whose centre lies in the box and whose value exceeds the threshold", () => {
    const plane = { data: Float32Array.of(0, 1), width: 2, height: 1, box: WHOLE };
    const mask = placeMask(plane, 0.5, PICTURE, { xmin: 2, ymin: 1.5, xmax: 8.6, ymax: 3 });
    const set = mask && [...decodeRle(mask).entries()].flatMap(([pixel, value]) => (value ? [pixel] : []));
    expect(set?.map((pixel) => [pixel % 12, Math.floor(pixel / 12)])).toEqual([
      [6, 1],
      [7, 1],
      [8, 1],
      [6, 2],
      [7, 2],
      [8, 2],
    ]);
  });

  it("returns null when no pixel is set, or the box lies outside the picture", () => {
    const plane = (value: number) => ({ data: Float32Array.of(value), width: 1, height: 1, box: WHOLE });
    expect(placeMask(plane(0), 0.5, PICTURE, WHOLE)).toBeNull();
    expect(placeMask(plane(1), 0.5, PICTURE, { xmin: 20, ymin: 0, xmax: 30, ymax: 8 })).toBeNull();
  });

  it("writes no empty run after a mask that reaches the last pixel", () => {
    const plane = { data: Float32Array.of(1), width: 1, height: 1, box: WHOLE };
    for (const xmin of [0, 11]) {
      const mask = placeMask(plane, 0.5, PICTURE, { ...WHOLE, xmin });
      const data = Array.from({ length: 96 }, (_, pixel) => Number(pixel % 12 >= xmin));
      expect(mask).toEqual(encodeRle(data, PICTURE));
    }
  });

  it("agrees with resampling the plane to the picture's pixels, whatever the plane and its box", () => {
    const side = fc.integer({ min: 1, max: 6 });
    const planes = fc
      .tuple(side, side, fc.integer({ min: -3, max: 4 }), fc.integer({ min: 6, max: 15 }))
      .chain(([width, height, from, to]) =>
        fc
          .array(fc.constantFrom(0, 0.31, 0.62, 1), { minLength: width * height, maxLength: width * height })
          .map((values) => {
            const box = { xmin: from, ymin: from, xmax: to, ymax: to };
            return { data: Float32Array.from(values), width, height, box };
          }),
      );
    fc.assert(
      fc.property(planes, (plane) => {
        const expected = [...resample(plane, WHOLE, 12, 8).data];
        // Rounding may put a value this near to the threshold on either side.
        fc.pre(expected.every((value) => Math.abs(value - 0.5) > 1e-5));
        const mask = placeMask(plane, 0.5, PICTURE, WHOLE);
        const data = mask ? [...decodeRle(mask)] : expected.map(() => 0);
        expect(data).toEqual(expected.map((value) => Number(value > 0.5)));
      }),
    );
  });
});

describe("fitsBox", () => {
  const rows = (count: number) =>
    encodeRle(
      Array.from({ length: 96 }, (_, pixel) => Number(pixel < 12 * count)),
      PICTURE,
    );

  it("accepts a mask that fills its box", () => {
    expect(fitsBox(rows(4), { ...WHOLE, ymax: 4 })).toBe(true);
  });

  it("refuses a mask when it is empty, or its bounds differ from the box", () => {
    expect(fitsBox(rows(0), WHOLE)).toBe(false);
    expect(fitsBox(rows(3), WHOLE)).toBe(false);
  });

  it("refuses a mask when too much of it lies outside the box", () => {
    // Bounds have an IoU of 6 / 8, and 0.75 of the area is inside.
    expect(fitsBox(rows(8), { ...WHOLE, ymax: 6 })).toBe(false);
    expect(fitsBox(rows(8), { ...WHOLE, ymax: 7 })).toBe(true);
  });
});
