import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { quantile, summariseLatency } from "../../../../bench/latency/summary.ts";
import type { RecognizeAnswer } from "../../../../schemas/recognize.ts";

const stage = (ms: number) => ({ stage: "mner", model: "m", version: "1", provider: "cog", attempts: 1, ms });
const timed = (ms: number, ...stageTimes: number[]) => ({
  ms,
  answer: { stages: stageTimes.map(stage) } as unknown as RecognizeAnswer,
});

describe("summariseLatency", () => {
  it("keeps the first answer apart, and compares medians with the sum of the stages", () => {
    const answers = [timed(300.4, 100, 100), timed(500, 300, 300), timed(400, 200, 300)];
    expect(summariseLatency(timed(1_234.5, 1), answers)).toEqual({
      first_answer_ms: 1_235,
      posts: 3,
      p50_ms: 400,
      p95_ms: 500,
      answer_over_models: 0.8,
    });
  });
});

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
