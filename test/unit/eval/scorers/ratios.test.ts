import { describe, expect, it } from "vitest";
import { ratiosOf } from "../../../../eval/scorers/ratios.ts";

describe("ratiosOf", () => {
  it("gives fractions at full precision", () => {
    // The counts of RiVEG's augmented predictions for MNER: 86.27, 86.03 and 86.15 percent.
    const { precision, recall, f1 } = ratiosOf({ right: 2187, predicted: 2535, gold: 2542 });
    expect([precision, recall, f1].map((value) => (100 * (value ?? 0)).toFixed(2))).toEqual([
      "86.27",
      "86.03",
      "86.15",
    ]);
    expect(precision).toBe(2187 / 2535);
  });

  it("gives null for a ratio of nothing, and never 0", () => {
    expect(ratiosOf({ right: 0, predicted: 0, gold: 5 })).toMatchObject({ precision: null, recall: 0, f1: 0 });
    expect(ratiosOf({ right: 0, predicted: 5, gold: 0 })).toMatchObject({ precision: 0, recall: null, f1: 0 });
    expect(ratiosOf({ right: 0, predicted: 0, gold: 0 })).toMatchObject({ precision: null, recall: null, f1: null });
  });
});
