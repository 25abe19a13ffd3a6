import { afterEach, expect, test } from "vitest";
import { benchEmbedded } from "../../../../bench/commands/embedded.ts";
import { type BenchServer, startBenchServer } from "../../../support/bench-session.ts";

let server: BenchServer;
afterEach(() => server.stop());

const loads = [
  { concurrent: 1, posts: 2 },
  { concurrent: 4, posts: 4 },
];

test("measures the first post, each load and the memory", async () => {
  server = await startBenchServer();
  const figures = await benchEmbedded({ worker: server.url, functions: server.url }, loads);
  expect(figures.map(({ name }) => name)).toEqual([
    "first answer",
    ...["one post at a time, p50", "one post at a time, p95", "one post at a time, throughput"],
    ...["4 posts at a time, p50", "4 posts at a time, p95", "4 posts at a time, throughput"],
    "memory of the functions",
  ]);
  expect(figures.at(-1)?.value).toBe(600);
  expect(figures[1]?.detail).toBe("2 whole, 0 others");
  expect(server.paths.filter((path) => path === "/v1/recognize")).toHaveLength(1 + 5 + 2 + 4);
});
