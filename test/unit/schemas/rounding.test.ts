import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { clampBox } from "../../../schemas/geometry.ts";
import { roundBox, roundMilliseconds, roundScore } from "../../../schemas/rounding.ts";

const side = fc.integer({ min: 1, max: 6_000 });
const coordinate = fc.oneof(
  fc.double({ min: -10, max: 6_010, noNaN: true }),
  fc.integer({ min: -10, max: 6_010 }),
  fc.integer({ min: 0, max: 6_000 }).map((whole) => whole + Number.EPSILON * whole),
);
/** Boxes that are cut to a picture and not empty, many of them less than 0.01 pixels wide. */
const clamped = fc
  .record({
    width: side,
    height: side,
    xmin: coordinate,
    ymin: coordinate,
    wide: fc.oneof(fc.double({ min: 1e-12, max: 0.02, noNaN: true }), coordinate),
    high: fc.oneof(fc.double({ min: 1e-12, max: 0.02, noNaN: true }), coordinate),
  })
  .map(({ width, height, xmin, ymin, wide, high }) => ({
    size: { width, height },
    box: clampBox({ xmin, ymin, xmax: xmin + wide, ymax: ymin + high }, { width, height }),
  }));

describe("roundBox", () => {
  test("keeps a box inside its picture, and never makes it empty", () => {
    fc.assert(
      fc.property(clamped, ({ box, size }) => {
        fc.pre(box !== null);
        const rounded = roundBox(box);
        expect(clampBox(rounded, size)).toEqual(rounded);
      }),
      { numRuns: 2_000 },
    );
  });

  test("moves no edge by more than 0.01 pixels", () => {
    fc.assert(
      fc.property(clamped, ({ box }) => {
        fc.pre(box !== null);
        const rounded = roundBox(box);
        for (const edge of ["xmin", "ymin", "xmax", "ymax"] as const)
          expect(Math.abs(rounded[edge] - box[edge])).toBeLessThan(0.01 + 1e-9);
      }),
    );
  });

  test("gives coordinates of at most two decimals, and the same again when repeated", () => {
    fc.assert(
      fc.property(clamped, ({ box }) => {
        fc.pre(box !== null);
        const rounded = roundBox(box);
        for (const value of Object.values(rounded)) expect(String(value)).toMatch(/^\d+(?:\.\d{1,2})?$/);
        expect(roundBox(rounded)).toEqual(rounded);
      }),
    );
  });

  test("rounds to the nearest 0.01 pixels when the box is wide enough", () => {
    expect(roundBox({ xmin: 25.604, ymin: 8.496, xmax: 368.4, ymax: 480 })).toEqual({
      ...{ xmin: 25.6, ymin: 8.5, xmax: 368.4, ymax: 480 },
    });
  });

  test("keeps 0.01 pixels when the box ends at the picture's edge", () => {
    expect(roundBox({ xmin: 3 - 4e-16, ymin: 0, xmax: 3, ymax: 1e-9 })).toEqual({
      ...{ xmin: 2.99, ymin: 0, xmax: 3, ymax: 0.01 },
    });
  });
});

describe("roundScore", () => {
  const score = fc.double({ min: 0, max: 1, noNaN: true });

  test("gives at most four decimals from 0 to 1, and the same again when repeated", () => {
    fc.assert(
      fc.property(score, (value) => {
        const rounded = roundScore(value);
        expect(String(rounded)).toMatch(/^(?:0(?:\.\d{1,4})?|1|1e-4)$/);
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.000_05 + 1e-12);
        expect(roundScore(rounded)).toBe(rounded);
      }),
    );
  });

  test("keeps the order of scores", () => {
    fc.assert(
      fc.property(score, score, (a, b) => {
        if (a <= b) expect(roundScore(a)).toBeLessThanOrEqual(roundScore(b));
      }),
    );
  });

  test("returns null when there is no score", () => {
    expect(roundScore(null)).toBeNull();
  });
});

describe("roundMilliseconds", () => {
  test("gives whole milliseconds, and the same again when repeated", () => {
    fc.assert(
      fc.property(fc.double({ min: 0, max: 1e6, noNaN: true }), (value) => {
        const rounded = roundMilliseconds(value);
        expect(Number.isInteger(rounded)).toBe(true);
        expect(Math.abs(rounded - value)).toBeLessThanOrEqual(0.5);
        expect(roundMilliseconds(rounded)).toBe(rounded);
      }),
    );
  });
});
