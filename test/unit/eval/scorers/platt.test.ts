import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { calibrated, fitPlatt } from "../../../../eval/scorers/platt.ts";
import type { Sample } from "../../../../eval/scorers/reliability.ts";
import { calibrate } from "../../../../src/stages/adapters/calibrate.ts";

const probability = fc.double({ min: 0, max: 1, noNaN: true });
const constant = fc.double({ min: -8, max: 8, noNaN: true });
const sample = fc.record({ probability, truth: fc.constantFrom(0, 1) });
const samples = fc
  .array(sample, { minLength: 2, maxLength: 60 })
  .filter((all) => new Set(all.map(({ truth }) => truth)).size === 2);
const logit = (p: number) => {
  const inside = Math.min(1 - 1e-6, Math.max(1e-6, p));
  return Math.log(inside / (1 - inside));
};
const times = (count: number, one: Sample) => Array.from({ length: count }, () => one);

describe("calibrated", () => {
  it("is what the Worker makes of the same constants", () => {
    fc.assert(
      fc.property(probability, constant, constant, (raw, slope, intercept) => {
        expect(calibrated(raw, { slope, intercept })).toBe(calibrate(raw, { slope, intercept }).score);
      }),
    );
  });
});

describe("fitPlatt", () => {
  it("finds the constants of a model that exaggerates", () => {
    // Says 0.9 where 0.75 are visible, and 0.1 where 0.25 are: logit(0.75) = logit(0.9) / 2.
    const { slope, intercept } = fitPlatt([
      ...times(7_500, { probability: 0.9, truth: 1 }),
      ...times(2_500, { probability: 0.9, truth: 0 }),
      ...times(2_500, { probability: 0.1, truth: 1 }),
      ...times(7_500, { probability: 0.1, truth: 0 }),
    ]);
    expect(slope).toBeCloseTo(0.5, 3);
    expect(intercept).toBeCloseTo(0, 10);
  });

  it("finds a bias, and a slope below 0 where higher scores mean less", () => {
    const biased = fitPlatt([
      ...times(500, { probability: 0.5, truth: 1 }),
      ...times(1_500, { probability: 0.5, truth: 0 }),
    ]);
    expect(calibrated(0.5, biased)).toBeCloseTo(0.25, 3);
    const wrong = fitPlatt([
      ...times(30, { probability: 0.2, truth: 1 }),
      ...times(30, { probability: 0.8, truth: 0 }),
    ]);
    expect(wrong.slope).toBeLessThan(0);
  });

  it("ends where no other constants are more likely", () => {
    fc.assert(
      fc.property(samples, (all) => {
        const { slope, intercept } = fitPlatt(all);
        const positives = all.filter(({ truth }) => truth === 1).length;
        const [yes, no] = [(positives + 1) / (positives + 2), 1 / (all.length - positives + 2)];
        // The derivatives of the log-likelihood of a logistic regression.
        const errors = all.map(({ probability: p, truth }) => ({
          x: logit(p),
          error: 1 / (1 + Math.exp(-(slope * logit(p) + intercept))) - (truth === 1 ? yes : no),
        }));
        expect(Math.abs(errors.reduce((sum, { error }) => sum + error, 0))).toBeLessThan(1e-4);
        expect(Math.abs(errors.reduce((sum, { error, x }) => sum + error * x, 0))).toBeLessThan(1e-4);
      }),
    );
  });

  it("stays finite where a score separates the samples", () => {
    const separated = fitPlatt([{ probability: 1, truth: 1 }, ...times(3, { probability: 0, truth: 0 })]);
    expect(Number.isFinite(separated.slope) && separated.slope > 0).toBe(true);
  });

  it("has no slope where all samples have one score, and says how often it is visible", () => {
    fc.assert(
      fc.property(probability, fc.integer({ min: 1, max: 600 }), fc.integer({ min: 1, max: 600 }), (score, yes, no) => {
        const constants = fitPlatt([
          ...times(yes, { probability: score, truth: 1 }),
          ...times(no, { probability: score, truth: 0 }),
        ]);
        expect(constants.slope).toBe(0);
        // The targets add up to one sample that is visible and one that is not, at most.
        expect(Math.abs(calibrated(score, constants) - yes / (yes + no))).toBeLessThan(1 / (yes + no));
      }),
    );
  });

  it("refuses samples of one kind", () => {
    expect(() => fitPlatt(times(4, { probability: 0.3, truth: 1 }))).toThrow(
      "4 samples are visible and 0 are not: the fit needs both",
    );
  });
});
