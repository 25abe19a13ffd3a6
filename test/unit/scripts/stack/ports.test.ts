import { createServer } from "node:net";
import { expect, test } from "vitest";
import { freePort, portFault } from "../../../../scripts/stack/ports.ts";

test("a free port can be listened on, and is none that a system gives away by itself", async () => {
  const port = await freePort();
  expect(port).toBeGreaterThanOrEqual(20_000);
  // Linux gives ports from 32,768 on to outgoing connections and to listeners on port 0.
  expect(port).toBeLessThan(32_768);
  const server = createServer().listen(port, "127.0.0.1");
  await new Promise((listening) => server.once("listening", listening));
  expect(await portFault("PORT", port)).toMatch(`port ${port} is already in use`);
  server.close();
});
