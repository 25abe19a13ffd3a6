import { describe, expect, test } from "vitest";
import { loadMner } from "../../../functions/mner/index.ts";
import { windows } from "../../../functions/mner/tagger.ts";
import { runContext } from "../../support/run-context.ts";

const mner = await loadMner();

describe("the tagger over 10,000 characters", () => {
  const sentence = "Eileen Collins of NASA flew to Houston. ";
  const text = sentence.repeat(250);
  test("finds the same mentions in every sentence, each at its own offset", async () => {
    const { mentions } = await mner.run({ labels: "gmner", text }, runContext());
    const starts = mentions.filter((mention) => mention.text.startsWith("Eileen Collins")).map(({ start }) => start);
    expect(starts).toEqual(Array.from({ length: 250 }, (_, index) => index * sentence.length));
    expect(mentions.filter((mention) => mention.text === "Houston")).toHaveLength(250);
  });

  test("pauses before each window, so that other predictions get their turn", async () => {
    let pauses = 0;
    const context = { ...runContext(), pause: async () => void pauses++ };
    await mner.run({ labels: "gmner", text: ". ".repeat(5_000) }, context);
    // 5,000 pieces in windows of at most 126.
    expect(pauses).toBeGreaterThanOrEqual(40);
    expect(pauses).toBeLessThanOrEqual(84);
  });

  test("stops when the signal aborts", async () => {
    const abort = new AbortController();
    abort.abort(new Error("gone"));
    await expect(mner.run({ labels: "gmner", text }, runContext(abort.signal))).rejects.toThrow("gone");
  });
});

describe("windows", () => {
  const pieces = (count: number, each: number) =>
    Array.from({ length: count }, () => ({ ids: Array.from({ length: each }, () => 1), shape: 0 }));

  test.each([
    [10, 1],
    [1_000, 1],
    [10_000, 1],
    [5_000, 2],
    [833, 12],
  ])("%i words of %i pieces: cover every word, fit the model, and are bounded", (count, each) => {
    const spans = windows(pieces(count, each));
    expect(spans[0]?.[0]).toBe(0);
    expect(spans.at(-1)?.[1]).toBe(count);
    for (const [index, [from, to]] of spans.entries()) {
      expect((to - from) * each).toBeLessThanOrEqual(126);
      if (index > 0) expect(from).toBeLessThanOrEqual(spans[index - 1]?.[1] ?? 0);
    }
    // With no overlap, 10,000 pieces need 80 windows.
    expect(spans.length).toBeLessThanOrEqual(84);
  });
});
