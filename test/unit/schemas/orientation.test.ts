import fc from "fast-check";
import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { inverseOrientation, turnBox, turnRle, turnSize } from "../../../schemas/orientation.ts";
import { compressCounts, rleArea, rleBounds } from "../../../schemas/rle.ts";
import { decodeRle, encodeRle } from "../../support/rle.ts";

const ORIENTATIONS = [1, 2, 3, 4, 5, 6, 7, 8];
const side = fc.integer({ min: 1, max: 24 });
const bitmap = fc.record({ width: side, height: side }).chain((size) =>
  fc.record({
    size: fc.constant(size),
    data: fc.array(fc.integer({ min: 0, max: 1 }), {
      minLength: size.width * size.height,
      maxLength: size.width * size.height,
    }),
  }),
);
const edges = fc.tuple(fc.double({ min: 0, max: 24, noNaN: true }), fc.double({ min: 0, max: 24, noNaN: true }));

/** Stored pixels as sharp turns them upright when their orientation tag says so. */
async function uprightBySharp(
  data: readonly number[],
  size: { width: number; height: number },
  orientation: number,
): Promise<number[]> {
  const grey = Uint8Array.from(data, (value) => value * 255);
  const tagged = await sharp(grey, { raw: { ...size, channels: 1 } })
    .toColourspace("b-w")
    .withMetadata({ orientation })
    .png()
    .toBuffer();
  const { data: turned, info } = await sharp(tagged)
    .autoOrient()
    .extractChannel(0)
    .raw()
    .toBuffer({ resolveWithObject: true });
  expect({ width: info.width, height: info.height }).toEqual(turnSize(size, orientation));
  return [...turned].map((value) => (value > 127 ? 1 : 0));
}

describe.each(ORIENTATIONS)("orientation %i", (orientation) => {
  test("turns a mask as sharp's autoOrient turns its pixels", async () => {
    await fc.assert(
      fc.asyncProperty(bitmap, async ({ size, data }) => {
        const turned = turnRle(encodeRle(data, size), orientation);
        expect([...decodeRle(turned)]).toEqual(await uprightBySharp(data, size, orientation));
      }),
      { numRuns: 20 },
    );
  });

  test("returns the same mask and box when they are turned and turned back", () => {
    const back = inverseOrientation(orientation);
    fc.assert(
      fc.property(bitmap, ({ size, data }) => {
        const mask = encodeRle(data, size);
        expect(turnRle(turnRle(mask, orientation), back)).toEqual(mask);
      }),
    );
    fc.assert(
      fc.property(side, side, edges, edges, (width, height, [xmin, xmax], [ymin, ymax]) => {
        const box = { xmin, ymin, xmax, ymax };
        const stored = { width, height };
        const returned = turnBox(turnBox(box, orientation, stored), back, turnSize(stored, orientation));
        for (const edge of ["xmin", "ymin", "xmax", "ymax"] as const) expect(returned[edge]).toBeCloseTo(box[edge], 9);
      }),
    );
  });

  test("turns the bounds of a mask as it turns the mask", () => {
    fc.assert(
      fc.property(bitmap, ({ size, data }) => {
        const mask = encodeRle(data, size);
        const bounds = rleBounds(mask);
        expect(rleBounds(turnRle(mask, orientation))).toEqual(bounds && turnBox(bounds, orientation, size));
      }),
    );
  });

  test("turns a mask of 25 megapixels", () => {
    const stored = { width: 5000, height: 5000 };
    // 100 columns of 2,000 pixels, in the left upper quarter.
    const runs = Array.from({ length: 199 }, (_, index) => (index % 2 ? 3000 : 2000));
    const before = 1000 * 5000 + 500;
    const rest = 25_000_000 - before - runs.reduce((sum, run) => sum + run, 0);
    const turned = turnRle({ size: [5000, 5000], counts: compressCounts([before, ...runs, rest]) }, orientation);
    const box = turnBox({ xmin: 1000, ymin: 500, xmax: 1100, ymax: 2500 }, orientation, stored);
    expect([rleBounds(turned), rleArea(turned)]).toEqual([box, 200_000]);
  });
});

test("turnRle throws a RangeError when counts do not fill the size", () => {
  expect(() => turnRle({ size: [4, 4], counts: "1" }, 6)).toThrow(RangeError);
});

test("turnRle throws a RangeError when few runs would become too many", () => {
  const side = 1_000;
  const counts = compressCounts(Array<number>(side).fill(side));
  const stripes = { size: [side, side] as [number, number], counts };
  expect(rleArea(turnRle(stripes, 2))).toBe((side * side) / 2);
  expect(() => turnRle(stripes, 6)).toThrow(RangeError);
});
