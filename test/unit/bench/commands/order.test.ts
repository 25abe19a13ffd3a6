import { afterAll, beforeAll, expect, test } from "vitest";
import { benchOrder } from "../../../../bench/commands/order.ts";
import { type BenchServer, startBenchServer } from "../../../support/bench-session.ts";

let server: BenchServer;
beforeAll(async () => {
  server = await startBenchServer();
});
afterAll(() => server.stop());

test("compares 25 calls one after another with our post, for each setup", async () => {
  const figures = await benchOrder(server.session);
  expect(figures.map(({ name, goal }) => [name, goal])).toEqual([
    ["batching, 6 entities", { least: 6 }],
    ["one entity a call, 6 entities", { least: 5 }],
    ["batching, @phrases, 6 entities", { least: 8 }],
  ]);
  expect(server.plans.every(({ calls, connections }) => calls.length === 25 && connections === 1)).toBe(true);
});
