import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { type Measured, measureRound, summariseMemory } from "../../../../bench/memory/round.ts";

/** A process whose heap follows `values`, and whose resident memory peaks at 900. */
function measured(
  values: readonly number[],
  overrides: Partial<Measured> = {},
): Measured & { readonly calls: string[] } {
  const calls: string[] = [];
  let next = 0;
  return {
    calls,
    liveBytes: async () => 100,
    sample: async () => {
      await sleep(1);
      return values[Math.min(next++, values.length - 1)] ?? 0;
    },
    residentBytes: (field) => {
      calls.push(field);
      return field === "VmRSS" ? 500 : 900;
    },
    resetPeak: () => void calls.push("reset"),
    sendPost: async () => {
      calls.push("send");
      while (next < values.length) await sleep(1);
    },
    ...overrides,
  };
}

describe("measureRound", () => {
  it("gives the highest sample while the post runs, beside the value before it", async () => {
    const { heap, process, ms } = await measureRound(measured([120, 300, 200]));
    expect(heap).toMatchObject({ baseline: 100, peak: 300 });
    expect(heap.samples).toBeGreaterThanOrEqual(3);
    expect(process).toEqual({ baseline: 500, peak: 900 });
    expect(ms).toBeGreaterThan(0);
  });

  it("resets the peak of the process before the post, and reads it after", async () => {
    const process = measured([1]);
    await measureRound(process);
    expect(process.calls).toEqual(["VmRSS", "reset", "send", "VmHWM"]);
  });

  it("stops sampling and throws when the post fails", async () => {
    let samples = 0;
    const failing = measured([1], {
      sample: async () => {
        await sleep(1);
        return ++samples;
      },
      sendPost: () => Promise.reject(new Error("a stage failed")),
    });
    await expect(measureRound(failing)).rejects.toThrow("a stage failed");
    await sleep(10);
    const stopped = samples;
    await sleep(10);
    expect(samples).toBe(stopped);
  });
});

describe("summariseMemory", () => {
  const round = (ms: number, peak: number, samples: number, resident: number) => ({
    ms,
    heap: { baseline: 10e6, peak, samples },
    process: { baseline: 200e6, peak: resident },
  });

  it("gives the worst of the rounds, and live figures from the rounds without garbage alone", () => {
    const withGarbage = [round(900, 80e6, 50, 300e6), round(1_100, 60e6, 40, 350e6)];
    const live = [round(5_000, 40e6, 3, 900e6), round(4_000, 45e6, 2, 900e6)];
    expect(summariseMemory(withGarbage, live)).toEqual({
      answer_ms: 1_100,
      live_baseline_mb: 10,
      live_peak_mb: 45,
      live_ratio: 4.5,
      live_samples: 5,
      heap_peak_mb: 80,
      heap_ratio: 8,
      heap_samples: 90,
      process_baseline_mb: 200,
      process_growth_mb: 150,
      process_ratio: 1.75,
    });
  });
});
