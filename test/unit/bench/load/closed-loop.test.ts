import { expect, test } from "vitest";
import { closedLoop } from "../../../../bench/load/closed-loop.ts";

test("keeps so many posts in flight, and counts what is whole", async () => {
  let [open, most, now] = [0, 0, 0];
  const indices: number[] = [];
  const summary = await closedLoop(
    { concurrent: 3, posts: 10, first: 5 },
    async (index) => {
      indices.push(index);
      most = Math.max(most, ++open);
      await Promise.resolve();
      open--;
      now += 100;
      return { outcome: index === 14 ? "refused" : "whole", ms: index, retryAfter: null };
    },
    () => now,
  );
  expect(most).toBe(3);
  expect(indices).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 13, 14]);
  expect(summary).toEqual({ whole: 9, others: 1, perSecond: 9, p50: 9, p95: 13 });
});
