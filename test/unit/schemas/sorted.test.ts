import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { firstAtLeast } from "../../../schemas/sorted.ts";

describe("firstAtLeast", () => {
  test("finds what a search from the left finds", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: -9, max: 9 })), fc.integer({ min: -12, max: 12 }), (numbers, least) => {
        const sorted = numbers.toSorted((a, b) => a - b);
        const found = sorted.findIndex((number) => number >= least);
        expect(firstAtLeast(sorted.length, (index) => sorted[index] as number, least)).toBe(
          found < 0 ? sorted.length : found,
        );
      }),
    );
  });

  test("looks at few of many numbers", () => {
    let looks = 0;
    const numberAt = (index: number) => {
      looks++;
      return index;
    };
    expect(firstAtLeast(1_000_000, numberAt, 654_321)).toBe(654_321);
    expect(looks).toBeLessThanOrEqual(20);
  });
});
