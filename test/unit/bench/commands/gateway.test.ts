import { afterEach, expect, test } from "vitest";
import { benchGateway } from "../../../../bench/commands/gateway.ts";
import { type BenchServer, startBenchServer } from "../../../support/bench-session.ts";

let server: BenchServer;
afterEach(() => server.stop());

test("compares what each adds to the same chat call", async () => {
  server = await startBenchServer();
  let stopped = false;
  const stop = async () => {
    stopped = true;
  };
  const start = async () => ({ url: server.url, stop });
  const [figure, ...others] = await benchGateway(server.session, undefined, { start, calls: 2 });
  expect(others).toEqual([]);
  expect(figure).toMatchObject({ bench: "gateway", goal: { most: 0.5 } });
  expect(stopped).toBe(true);
  const count = (path: string) => server.paths.filter((asked) => asked === path).length;
  // The first post shows the chat request; then six rounds of two calls, the direct ones at the same path as theirs.
  expect([count("/last-chat"), count("/v1/mner"), count("/v1/chat/completions")]).toEqual([1, 13, 24]);
});

test("has no figure where the gateway is not installed", async () => {
  server = await startBenchServer();
  expect(await benchGateway(server.session, undefined, { start: null, calls: 1 })).toEqual([]);
});
