import { afterAll, beforeAll, expect, test } from "vitest";
import { benchRate } from "../../../../bench/commands/rate.ts";
import { type BenchServer, startBenchServer } from "../../../support/bench-session.ts";

let server: BenchServer;
beforeAll(async () => {
  server = await startBenchServer();
});
afterAll(() => server.stop());

const pictureOf = async (bytes: number) => Buffer.alloc(Math.min(bytes, 1_000));

test("compares each route with the bare Worker that asks one model", async () => {
  const figures = await benchRate(server.session, undefined, { ms: 1, pictureOf });
  expect(figures.filter(({ goal }) => goal).map(({ name, goal }) => [name, goal])).toEqual([
    ["/v1/mner", { least: 0.5 }],
    ["/v1/recognize, 3 masks, 50 kB", { least: 0.15 }],
  ]);
  expect(figures.every(({ value }) => value > 0)).toBe(true);
  expect(new Set(server.paths)).toEqual(new Set(["/", "/call", "/v1/mner", "/v1/recognize"]));
});
