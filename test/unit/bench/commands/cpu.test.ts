import { afterAll, beforeAll, expect, test } from "vitest";
import { benchCpu } from "../../../../bench/commands/cpu.ts";
import { type BenchServer, startBenchServer } from "../../../support/bench-session.ts";

let server: BenchServer;
beforeAll(async () => {
  server = await startBenchServer();
});
afterAll(() => server.stop());

test("divides the profile's time among its posts, and lists the functions that took most", async () => {
  const lines: string[] = [];
  const posts: number[] = [];
  const inspector = {
    profile: async (work: () => Promise<unknown>) => {
      const before = server.paths.length;
      await work();
      posts.push(server.paths.length - before);
      const callFrame = { functionName: "encode", url: "file:///index.js", lineNumber: 0 };
      return { nodes: [{ id: 1, callFrame }], samples: [1], timeDeltas: [30_000] };
    },
    close: () => undefined,
  };
  const figures = await benchCpu(server.session, (line) => lines.push(line), {
    connect: async (port, name) => {
      expect([port, name]).toEqual(["0", "product"]);
      return inspector;
    },
    pictureOf: async () => Buffer.from("picture"),
  });
  expect(new Set(posts)).toEqual(new Set([10]));
  expect(figures.map(({ value, goal }) => [value, goal])).toEqual([
    [3, { most: 5 }],
    [3, undefined],
    [3, undefined],
  ]);
  expect(lines[1]).toBe("     3.000  encode index.js:1");
});
