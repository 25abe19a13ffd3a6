import { afterEach, expect, test } from "vitest";
import { benchKeys } from "../../../../bench/commands/keys.ts";
import { type BenchServer, startBenchServer } from "../../../support/bench-session.ts";

let server: BenchServer;
afterEach(() => server.stop());

test("compares the same requests with and without a key, and counts what one account admits", async () => {
  server = await startBenchServer();
  const figures = await benchKeys(server.session, undefined, {
    calls: 1,
    rounds: 2,
    admits: { count: 3, together: 2 },
    bytes: 5_000,
  });
  expect(figures.map(({ bench, unit, goal }) => [bench, unit, goal])).toEqual([
    ["keys", "ms", { most: 6 }],
    ["keys", "×", { most: 1.25 }],
    ["keys", "ms", { most: 6 }],
    ["keys", "×", { most: 1.25 }],
    ["keys", "/s", { least: 500 }],
  ]);
  const count = (path: string) => server.paths.filter((asked) => asked === path).length;
  // One round to warm up and two more, each with and without a key; two accounts.
  expect([count("/v1/recognize"), count("/v1/mner"), count("/admit")]).toEqual([6, 6, 2]);
  expect(server.paths.filter((path) => path.startsWith("/operator/")).toSorted()).toEqual([
    "/operator/accounts",
    "/operator/accounts",
    "/operator/accounts/admits/credit",
    "/operator/accounts/bench/credit",
  ]);
});
