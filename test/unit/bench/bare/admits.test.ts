import { expect, test } from "vitest";
import { admitMany } from "../../../../bench/bare/admits.ts";

test("admits and releases each request once, as many at the same time as it is told", async () => {
  const asked: string[] = [];
  let [running, most] = [0, 0];
  const account = {
    admit: async (call: object) => {
      asked.push((call as { requestId: string }).requestId);
      most = Math.max(most, ++running);
      await Promise.resolve();
      return { outcome: asked.length > 4 ? "over_quota" : "admitted" };
    },
    release: async () => {
      running--;
    },
  };
  const outcomes = await admitMany(
    { getByName: () => account },
    { account: "a", key: "k", first: 10, count: 5, together: 2 },
  );
  expect(outcomes).toEqual({ admitted: 4, over_quota: 1 });
  expect([asked.toSorted(), running, most]).toEqual([["req_10", "req_11", "req_12", "req_13", "req_14"], 0, 2]);
});
