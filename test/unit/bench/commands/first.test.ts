import { afterEach, expect, test } from "vitest";
import { benchFirst } from "../../../../bench/commands/first.ts";
import { type BenchServer, startBenchServer } from "../../../support/bench-session.ts";

let server: BenchServer;
afterEach(() => server.stop());

test("compares the first mask with the end of the stream", async () => {
  server = await startBenchServer();
  const figures = await benchFirst(server.session);
  expect(figures).toHaveLength(3);
  for (const { value } of figures) expect(value).toBeGreaterThan(0);
  for (const { value } of figures) expect(value).toBeLessThanOrEqual(1);
});

test("refuses a stream in which an entity has no mask", async () => {
  server = await startBenchServer((names) => names - 1);
  await expect(benchFirst(server.session)).rejects.toThrow("not a whole stream: mask mask mask mask mask end");
});
