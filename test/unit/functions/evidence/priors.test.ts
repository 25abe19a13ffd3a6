import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { posterior, priorOf } from "../../../../functions/evidence/priors.ts";

describe("priorOf and posterior", () => {
  it("give the shares of Twitter-GMNER train by type and order", () => {
    expect(priorOf("PER", 0)).toBeCloseTo(0.677, 3);
    expect(priorOf("PER", 1)).toBeCloseTo(0.544, 3);
    expect(priorOf("PER", 7)).toBeCloseTo(0.473, 3);
    expect(priorOf("LOC", 0)).toBeCloseTo(0.088, 3);
    expect(priorOf("ORG", 0)).toBeCloseTo(0.274, 3);
    expect(priorOf("OTHER", 0)).toBeCloseTo(0.257, 3);
    expect(priorOf(undefined, 0)).toBeCloseTo(4696 / 11705, 6);
  });

  it("keep the prior when the detector's confidence is 0.5, and move it the way the confidence goes", () => {
    const probability = fc.double({ min: 0.01, max: 0.99, noNaN: true });
    fc.assert(
      fc.property(probability, probability, (prior, confidence) => {
        expect(posterior(prior, 0.5)).toBeCloseTo(prior, 9);
        expect(posterior(prior, confidence) > prior).toBe(confidence > 0.5 && posterior(prior, confidence) !== prior);
      }),
    );
  });

  it("give 0 when prior and confidence contradict each other", () => {
    expect(posterior(0, 1)).toBe(0);
    expect(posterior(1, 0)).toBe(0);
  });
});
