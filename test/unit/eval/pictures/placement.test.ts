import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { placeBox, placeLayer, placePolygons, rleOfBox } from "../../../../eval/pictures/placement.ts";
import type { Box } from "../../../../schemas/primitives.ts";
import { rleArea, rleBounds, rleDifference } from "../../../../schemas/rle.ts";

const PHOTO = { width: 40, height: 30 };
const CANVAS = { width: 60, height: 50 };

/** A box inside the photo, with whole corners. */
const box = fc.tuple(fc.nat(39), fc.nat(29), fc.nat(39), fc.nat(29)).map(([x0, y0, x1, y1]) => ({
  xmin: Math.min(x0, x1),
  ymin: Math.min(y0, y1),
  xmax: Math.max(x0, x1) + 1,
  ymax: Math.max(y0, y1) + 1,
}));
const layer = fc
  .record({
    x: fc.integer({ min: -30, max: 60 }),
    y: fc.integer({ min: -30, max: 50 }),
    side: fc.integer({ min: 1, max: 90 }),
    isWide: fc.boolean(),
    flip: fc.boolean(),
    crop: box,
  })
  .map(({ side, isWide, ...rest }) => ({ ...rest, photo: "a.png", ...(isWide ? { width: side } : { height: side }) }));

const cornersOf = ({ xmin, ymin, xmax, ymax }: Box): Array<[number, number]> => [
  [xmin, ymin],
  [xmax, ymin],
  [xmax, ymax],
  [xmin, ymax],
];

describe("placeLayer", () => {
  it("takes the whole photo when no crop is given, and follows its shape", () => {
    const { crop, target, flip } = placeLayer({ photo: "a.png", x: 5, y: -2, width: 80 }, PHOTO);
    expect(crop).toEqual({ xmin: 0, ymin: 0, xmax: 40, ymax: 30 });
    expect(target).toEqual({ xmin: 5, ymin: -2, xmax: 85, ymax: 58 });
    expect(flip).toBe(false);
  });

  it.each([
    ["leaves the photo", { xmin: 0, ymin: 0, xmax: 41, ymax: 30 }],
    ["is empty", { xmin: 3, ymin: 0, xmax: 3, ymax: 30 }],
    ["has fractions", { xmin: 0.5, ymin: 0, xmax: 20, ymax: 30 }],
  ])("refuses a crop that %s", (_, crop) => {
    expect(() => placeLayer({ photo: "a.png", x: 0, y: 0, width: 8, crop }, PHOTO)).toThrow(RangeError);
  });
});

describe("placeBox and placePolygons", () => {
  it("agree: the mask of a box's corners has the pixels whose centres the placed box holds", () => {
    fc.assert(
      fc.property(layer, box, (drawn, subject) => {
        const placement = placeLayer(drawn, PHOTO);
        const mask = placePolygons([cornersOf(subject)], placement, CANVAS);
        const placed = placeBox(subject, placement, CANVAS);
        const expected = placed ? rleOfBox(placed, CANVAS) : rleOfBox({ xmin: 0, ymin: 0, xmax: 0, ymax: 0 }, CANVAS);
        const difference = rleArea(rleDifference(mask, expected)) + rleArea(rleDifference(expected, mask));
        expect(difference).toBe(0);
      }),
    );
  });

  it("stay inside the crop's place and the canvas, and mirror when the layer is flipped", () => {
    fc.assert(
      fc.property(layer, box, (drawn, subject) => {
        const placement = placeLayer({ ...drawn, x: 0, y: 0 }, PHOTO);
        const wide = { width: 3000, height: 3000 };
        const placed = placeBox(subject, placement, wide);
        const mirrored = placeBox(subject, { ...placement, flip: !placement.flip }, wide);
        expect(placed === null).toBe(mirrored === null);
        if (!placed || !mirrored) return;
        expect(placed.xmin + mirrored.xmax).toBeCloseTo(placement.target.xmax, 6);
        expect([placed.ymin, placed.ymax]).toEqual([mirrored.ymin, mirrored.ymax]);
        const bounds = rleBounds(placePolygons([cornersOf(subject)], placement, wide));
        if (bounds) expect(bounds.xmax <= placement.target.xmax && bounds.ymax <= placement.target.ymax).toBe(true);
      }),
    );
  });

  it("places a half of the photo where the recipe says", () => {
    const crop = { xmin: 20, ymin: 0, xmax: 40, ymax: 30 };
    const placement = placeLayer({ photo: "a.png", x: 10, y: 10, width: 40, crop, flip: true }, PHOTO);
    // The right quarter of the photo is the left half of the mirrored crop.
    expect(placeBox({ xmin: 30, ymin: 15, xmax: 40, ymax: 30 }, placement, CANVAS)).toEqual({
      xmin: 10,
      ymin: 40,
      xmax: 30,
      ymax: 50,
    });
    expect(placeBox({ xmin: 0, ymin: 0, xmax: 20, ymax: 30 }, placement, CANVAS)).toBeNull();
  });
});
