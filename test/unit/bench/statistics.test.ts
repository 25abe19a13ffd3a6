import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { median, quantile } from "../../../bench/statistics.ts";

describe("quantile", () => {
  it("returns NaN when there are no values", () => {
    expect(quantile([], 0.5)).toBeNaN();
  });

  it("is one of the values, and has at least its share of them at or below it", () => {
    const values = fc.array(fc.integer(), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.double({ min: 0, max: 1, noNaN: true }), (all, share) => {
        const value = quantile(all, share);
        expect(all).toContain(value);
        expect(all.filter((other) => other <= value).length).toBeGreaterThanOrEqual(share * all.length);
      }),
    );
  });
});

describe("median", () => {
  it("is the upper one of two values in the middle", () => {
    expect(median([4, 1, 3, 2])).toBe(3);
    expect(median([9])).toBe(9);
  });
});
