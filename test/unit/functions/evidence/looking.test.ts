import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  likelihoodRatio,
  missedRatio,
  PERSON,
  PRINT,
  posterior,
  THING,
} from "../../../../functions/evidence/looking.ts";

const share = fc.double({ min: 0, max: 1, noNaN: true });

describe("likelihoodRatio", () => {
  test.each([PERSON, THING, PRINT])(
    "says nothing when the detection is nothing, and most when it is sure",
    (looking) => {
      expect(likelihoodRatio(looking, 0)).toBe(1);
      expect(likelihoodRatio(looking, 1)).toBeCloseTo(looking.recall / looking.unnamed, 9);
      fc.assert(
        fc.property(share, share, (a, b) => {
          const [low, high] = [Math.min(a, b), Math.max(a, b)];
          expect(likelihoodRatio(looking, low)).toBeLessThanOrEqual(likelihoodRatio(looking, high) + 1e-12);
        }),
      );
    },
  );
});

describe("missedRatio", () => {
  test("is highest when a trace was left, and lower when objects were found than when nothing was", () => {
    expect(missedRatio(PERSON, "trace")).toBe(1);
    expect(missedRatio(PERSON, "nothing")).toBeCloseTo(0.03 / 0.75, 9);
    expect(missedRatio(PERSON, "objects")).toBeLessThan(missedRatio(PERSON, "nothing"));
  });
});

describe("posterior", () => {
  test("is Bayes' rule", () => {
    expect(posterior(0.5, 3)).toBe(0.75);
    expect(posterior(0.2, 1)).toBeCloseTo(0.2, 12);
    expect(posterior(0, 5)).toBe(0);
    expect(posterior(1, 0.1)).toBeCloseTo(1, 9);
  });
});
