import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Mention } from "../../../../schemas/stages/mner.ts";
import { doubtfulSpans, mergeReconsidered } from "../../../../src/pipeline/text/cascade.ts";
import { mention } from "../../../support/mention.ts";

/** Mentions of a text of 40 characters that do not overlap. */
const mentions = (score: fc.Arbitrary<number | null>) =>
  fc
    .array(fc.tuple(fc.nat(36), fc.integer({ min: 1, max: 4 }), fc.constantFrom("PER", "LOC"), score), { maxLength: 6 })
    .map((drawn) => {
      const kept: Mention[] = [];
      for (const [start, length, type, value] of drawn) {
        const one = { text: "x".repeat(length), start, end: start + length, type, score: value };
        if (!kept.some((other) => overlap(one, other))) kept.push(one);
      }
      return kept;
    });
const overlap = (a: { start: number; end: number }, b: { start: number; end: number }) =>
  a.start < b.end && b.start < a.end;
const probability = fc.double({ min: 0, max: 1, noNaN: true });

describe("a cascade of two models", () => {
  test("doubts mentions and empty places that score less than the threshold, and no mention without a score", () => {
    const found = [mention("Felix", 0, "PER", 0.89), mention("Oscar", 10, "PER", 0.9), mention("Max", 20, "PER", null)];
    const doubts = [
      { start: 30, end: 33, score: 0.5 },
      { start: 40, end: 43, score: 0.95 },
    ];
    expect(doubtfulSpans(found, doubts, 0.9)).toEqual([
      { start: 0, end: 5 },
      { start: 30, end: 33 },
    ]);
  });

  test("takes the second model's word in doubtful places only, and its expression for a sure mention", () => {
    const sure = mention("Oscar", 10, "PER", 0.99);
    const first = [mention("Felix", 0, "PER", 0.4), sure, mention("Rome", 20, "ORG", 0.3)];
    const expression = { text: "a cat", method: "llm" } as const;
    const second = [
      { ...mention("Oscar", 10, "PER", null), expression },
      mention("Rome", 20, "LOC", null),
      mention("NASA", 30, "ORG", null),
      mention("Max", 40, "PER", null),
    ];
    const doubtful = doubtfulSpans(first, [{ start: 40, end: 43, score: 0.6 }], 0.9);
    expect(mergeReconsidered(first, second, doubtful, 0.9)).toEqual([
      { ...sure, expression },
      mention("Rome", 20, "LOC", null),
      mention("Max", 40, "PER", null),
    ]);
  });

  test("keeps every sure mention, adds nothing outside doubtful places, and overlaps nothing, whatever the answers", () => {
    fc.assert(
      fc.property(mentions(probability), mentions(fc.constant(null)), probability, (first, second, threshold) => {
        const doubtful = doubtfulSpans(first, [], threshold);
        const merged = mergeReconsidered(first, second, doubtful, threshold);
        const sure = first.filter(({ score }) => score !== null && score >= threshold);
        expect(merged).toEqual(expect.arrayContaining(sure));
        for (const one of merged) {
          if (sure.includes(one)) continue;
          expect(second).toContain(one);
          expect(doubtful.some((place) => overlap(place, one))).toBe(true);
        }
        for (const [index, one] of merged.entries()) {
          expect(merged.slice(index + 1).some((other) => overlap(one, other))).toBe(false);
        }
        if (doubtful.length === 0) expect(merged).toEqual([...first].sort((a, b) => a.start - b.start));
      }),
    );
  });
});
