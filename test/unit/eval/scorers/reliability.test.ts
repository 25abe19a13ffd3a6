import fc from "fast-check";
import { expect, test } from "vitest";
import { meanOf, reliabilityOf } from "../../../../eval/scorers/reliability.ts";

test("is the difference of what was said and what happened, each bin by its samples", () => {
  const { ece, brier, bins } = reliabilityOf(
    [
      { probability: 0.1, truth: 0 },
      { probability: 0.3, truth: 1 },
      { probability: 0.9, truth: 1 },
      { probability: 1, truth: 0 },
    ],
    2,
  );
  expect(bins).toEqual([
    { count: 2, mean: 0.2, visible: 0.5 },
    { count: 2, mean: 0.95, visible: 0.5 },
  ]);
  // (2 × 0.3 + 2 × 0.45) / 4
  expect(ece).toBeCloseTo(0.375, 12);
  // (0.01 + 0.49 + 0.01 + 1) / 4
  expect(brier).toBeCloseTo(0.3775, 12);
});

test("has no value without samples, and a bin above for an edge", () => {
  expect(reliabilityOf([], 10)).toMatchObject({ brier: null, ece: null });
  expect(reliabilityOf([{ probability: 0.5, truth: 1 }], 2).bins.map(({ count }) => count)).toEqual([0, 1]);
  expect(meanOf([])).toBeNull();
});

test("is 0 where each bin's mean is its share, and never above 1", () => {
  const sample = fc.record({ probability: fc.double({ min: 0, max: 1, noNaN: true }), truth: fc.constantFrom(0, 1) });
  fc.assert(
    fc.property(fc.array(sample, { minLength: 1 }), fc.integer({ min: 1, max: 20 }), (samples, count) => {
      const { ece, bins } = reliabilityOf(samples, count);
      expect(ece).toBeGreaterThanOrEqual(0);
      expect(ece).toBeLessThanOrEqual(1);
      expect(bins.reduce((sum, bin) => sum + bin.count, 0)).toBe(samples.length);
    }),
  );
  const said = [0, 0, 0, 1].map((truth) => ({ probability: 0.25, truth }));
  expect(reliabilityOf(said, 10).ece).toBe(0);
});
