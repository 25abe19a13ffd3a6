import { describe, expect, it } from "vitest";
import { summariseLatency } from "../../../../bench/latency/summary.ts";
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
