import { afterAll, beforeAll, expect, test } from "vitest";
import { benchFloor } from "../../../../bench/commands/floor.ts";
import { type BenchServer, startBenchServer } from "../../../support/bench-session.ts";

let server: BenchServer;
beforeAll(async () => {
  server = await startBenchServer();
});
afterAll(() => server.stop());

test("compares each profile's posts of 1, 3, 6 and 12 entities with plans of at most six connections", async () => {
  const figures = await benchFloor(server.session);
  expect(figures).toHaveLength(16);
  expect(figures.map(({ name }) => name)).toContain("hosted, batching, 12 entities");
  expect(figures.every(({ value, goal }) => value > 0 && goal)).toBe(true);
  expect(server.profiles).toEqual(["no delay", "equal", "hosted", "one slow stage", "no delay", "equal"]);
  expect(new Set(server.plans.map(({ connections }) => connections))).toEqual(new Set([6]));
  // One entity a call: mentions, expressions and three calls for each of twelve entities.
  expect(Math.max(...server.plans.map(({ calls }) => calls.length))).toBe(38);
});
