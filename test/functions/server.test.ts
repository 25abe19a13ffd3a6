import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { FUNCTION_STAGES } from "../../functions/stage-function.ts";

const root = fileURLToPath(new URL("../..", import.meta.url));

function start(port: number): { child: ChildProcess; printed: () => string } {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "functions/server.ts"], {
    cwd: root,
    env: { ...process.env, PORT: String(port) },
  });
  let text = "";
  for (const stream of [child.stdout, child.stderr]) stream?.setEncoding("utf8").on("data", (part) => (text += part));
  return { child, printed: () => text };
}

/** A server on a free port, and its port. */
async function occupied() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  return { server, port: typeof address === "object" && address ? address.port : 0 };
}

describe("functions/server.ts", () => {
  it("serves every stage once the weights are loaded, and exits with 0 when terminated", async () => {
    const { server, port } = await occupied();
    server.close();
    await once(server, "close");
    const { child, printed } = start(port);
    const status = async () => (await fetch(`http://127.0.0.1:${port}/health`).catch(() => null))?.status;
    try {
      await expect.poll(status, { timeout: 50_000, interval: 200 }).toBe(200);
      await expect.poll(printed).toContain(`functions ready on http://127.0.0.1:${port}`);
      for (const stage of FUNCTION_STAGES) expect(printed()).toMatch(new RegExp(`^${stage}: .+ ms`, "m"));
    } finally {
      child.kill("SIGTERM");
    }
    expect(await once(child, "exit")).toEqual([0, null]);
  });

  it("exits with 1 and says so when the port is in use", async () => {
    const { server, port } = await occupied();
    const { child, printed } = start(port);
    expect(await once(child, "exit")).toEqual([1, null]);
    expect(printed()).toContain(`port ${port} is already in use; PORT chooses another`);
    server.close();
  });
});
