import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { afterEach, describe, expect, it } from "vitest";
import { connectInspector } from "../../../../bench/memory/inspector.ts";

let child: ChildProcess | undefined;
afterEach(() => {
  child?.kill();
});

/** The inspector's port of a Node process that has run a script and waits. */
async function startNode(script: string): Promise<string> {
  child = spawn(
    process.execPath,
    ["--inspect=127.0.0.1:0", "-e", `${script}; console.error("ran"); setInterval(() => {}, 1000)`],
    {
      stdio: ["ignore", "ignore", "pipe"],
    },
  );
  for (let text = ""; child.stderr; ) {
    text += (await once(child.stderr, "data"))[0];
    const [, port] = /ws:\/\/127\.0\.0\.1:(\d+)/.exec(text) ?? [];
    if (port && /^ran$/m.test(text)) return port;
  }
  throw new Error("the process has no stderr");
}

describe("connectInspector", () => {
  it("counts what the isolate holds", async () => {
    const inspector = await connectInspector(await startNode("globalThis.held = new Array(2e6).fill(0.5)"));
    expect(await inspector.liveBytes()).toBeGreaterThan(16e6);
    inspector.close();
  });

  it("leaves out garbage in liveBytes, and counts it in heapBytes", async () => {
    const inspector = await connectInspector(await startNode("new Array(2e6).fill(0.5)"));
    const withGarbage = await inspector.heapBytes();
    const live = await inspector.liveBytes();
    expect(withGarbage - live).toBeGreaterThan(10e6);
    expect(live).toBeGreaterThan(1e6);
    inspector.close();
  });

  it("throws when nothing listens on the port", async () => {
    await expect(connectInspector("1")).rejects.toThrow();
  });
});
