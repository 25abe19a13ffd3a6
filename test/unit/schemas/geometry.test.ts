import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { boxArea, boxIou, clampBox, encloseBoxes, intersectBoxes, scaleBox } from "../../../schemas/geometry.ts";

const box = fc
  .tuple(
    fc.integer({ min: 0, max: 50 }),
    fc.integer({ min: 0, max: 50 }),
    fc.integer({ min: 1, max: 50 }),
    fc.integer({ min: 1, max: 50 }),
  )
  .map(([x, y, w, h]) => ({ xmin: x, ymin: y, xmax: x + w, ymax: y + h }));
const size = fc.record({ width: fc.integer({ min: 1, max: 60 }), height: fc.integer({ min: 1, max: 60 }) });

describe("boxIou", () => {
  test("is from 0 to 1, symmetric, and 1 for a box with itself", () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        const iou = boxIou(a, b);
        expect(iou).toBeGreaterThanOrEqual(0);
        expect(iou).toBeLessThanOrEqual(1);
        expect(boxIou(b, a)).toBe(iou);
        expect(boxIou(a, a)).toBe(1);
      }),
    );
  });

  test("is 0 when both boxes are empty", () => {
    const empty = { xmin: 1, ymin: 1, xmax: 1, ymax: 1 };
    expect(boxIou(empty, empty)).toBe(0);
  });
});

describe("encloseBoxes", () => {
  test("is the smallest box that holds both", () => {
    const a = { xmin: 1, ymin: 5, xmax: 4, ymax: 9 };
    const b = { xmin: 2, ymin: 0, xmax: 7, ymax: 6 };
    expect(encloseBoxes(a, b)).toEqual({ xmin: 1, ymin: 0, xmax: 7, ymax: 9 });
    expect(encloseBoxes(b, a)).toEqual(encloseBoxes(a, b));
  });
});

describe("intersectBoxes", () => {
  test("has the area of the pixels that lie in both boxes", () => {
    fc.assert(
      fc.property(box, box, (a, b) => {
        const holds = (x: number, y: number, { xmin, ymin, xmax, ymax }: typeof a) =>
          x >= xmin && x < xmax && y >= ymin && y < ymax;
        let pixels = 0;
        for (let x = 0; x < 100; x++) for (let y = 0; y < 100; y++) if (holds(x, y, a) && holds(x, y, b)) pixels++;
        expect(boxArea(intersectBoxes(a, b))).toBe(pixels);
      }),
      { numRuns: 30 },
    );
  });
});

describe("clampBox", () => {
  test("returns a box inside the picture that is not empty, or null", () => {
    fc.assert(
      fc.property(box, size, (wanted, { width, height }) => {
        const clamped = clampBox(wanted, { width, height });
        const whole = { xmin: 0, ymin: 0, xmax: width, ymax: height };
        if (clamped === null) {
          expect(boxArea(intersectBoxes(wanted, whole))).toBe(0);
        } else {
          expect(intersectBoxes(clamped, whole)).toEqual(clamped);
          expect(boxArea(clamped)).toBeGreaterThan(0);
        }
      }),
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("returns null when a coordinate is %d", (xmax) => {
    expect(clampBox({ xmin: 0, ymin: 0, xmax, ymax: 1 }, { width: 4, height: 4 })).toBeNull();
  });
});

describe("scaleBox", () => {
  test("multiplies each axis by its own factor", () => {
    expect(scaleBox({ xmin: 1, ymin: 2, xmax: 3, ymax: 4 }, 2, 10)).toEqual({ xmin: 2, ymin: 20, xmax: 6, ymax: 40 });
  });
});
