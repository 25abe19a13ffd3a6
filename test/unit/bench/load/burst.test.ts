import { describe, expect, test } from "vitest";
import { type LoadAnswer, type Outcome, runBurst, sendUntilWhole } from "../../../../bench/load/burst.ts";

const answer = (outcome: Outcome, ms = 0, retryAfter: number | null = null): LoadAnswer => ({
  outcome,
  ms,
  retryAfter,
});

/** Answers in order of the calls, and the times that were waited. */
function service(...answers: LoadAnswer[]) {
  const waits: number[] = [];
  const sent: number[] = [];
  const send = async (index: number) => {
    sent.push(index);
    return answers.shift() ?? answer("whole");
  };
  return { send, sent, waits, wait: async (milliseconds: number) => void waits.push(milliseconds) };
}

describe("runBurst", () => {
  test("counts how the posts end, and takes the quantiles of the whole ones alone", async () => {
    const { send, sent, wait } = service(
      answer("whole", 300),
      answer("whole", 100),
      answer("partial", 9_000),
      answer("refused", 1, 12),
      answer("refused", 1, 14),
      answer("failed", 30_000),
    );
    expect(await runBurst(6, 10, send, wait)).toMatchObject({
      ...{ concurrent: 6, whole: 2, partial: 1, refused: 2, failed: 1 },
      ...{ p50_ms: 300, p95_ms: 300, retry_after_s: 14 },
    });
    expect(sent).toEqual([10, 11, 12, 13, 14, 15, 16]);
  });

  test("has no quantiles without a whole answer", async () => {
    const { send, wait } = service(answer("failed"));
    expect(await runBurst(1, 0, send, wait)).toMatchObject({ p50_ms: Number.NaN, retry_after_s: 0 });
  });
});

describe("sendUntilWhole", () => {
  test("sends again when Retry-After says, or soon", async () => {
    const { send, waits, wait } = service(answer("refused", 0, 3), answer("partial"), answer("whole"));
    await sendUntilWhole(0, send, wait);
    expect(waits).toEqual([3_000, 100]);
  });

  test("throws when no answer is whole", async () => {
    await expect(
      sendUntilWhole(
        0,
        async () => answer("failed"),
        async () => undefined,
      ),
    ).rejects.toThrow("30 tries");
  });
});
