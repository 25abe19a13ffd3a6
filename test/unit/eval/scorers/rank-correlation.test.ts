import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { rankCorrelation } from "../../../../eval/scorers/rank-correlation.ts";

describe("rankCorrelation", () => {
  it("is 1 when both sides rise together, however fast, and -1 when one falls", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer(), { minLength: 2, maxLength: 20 }), (values) => {
        const rising = values.map((value) => [value, value ** 3] as const);
        expect(rankCorrelation(rising)).toBeCloseTo(1, 10);
        expect(rankCorrelation(rising.map(([a, b]) => [a, -b]))).toBeCloseTo(-1, 10);
      }),
    );
  });

  it("gives equal values the mean of their ranks", () => {
    // Ranks 1, 2.5, 2.5, 4 and 1, 3, 2, 4: 4.5 / sqrt(4.5 * 5).
    expect(
      rankCorrelation([
        [1, 10],
        [2, 30],
        [2, 20],
        [3, 40],
      ]),
    ).toBeCloseTo(4.5 / Math.sqrt(22.5), 10);
  });

  it("is null for fewer than two pairs, and when all values of a side are equal", () => {
    for (const pairs of [
      [],
      [[1, 2]],
      [
        [1, 2],
        [1, 3],
      ],
    ] as const)
      expect(rankCorrelation(pairs)).toBeNull();
  });
});
