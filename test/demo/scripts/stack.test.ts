import { once } from "node:events";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readProcesses } from "../../../bench/memory/workerd.ts";
import { freePort } from "../../../scripts/stack/ports.ts";
import { startStack } from "../../../scripts/stack.ts";

let folder: string;
const { TMPDIR } = process.env;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "stack-test-"));
  process.env.TMPDIR = folder;
});
afterEach(() => {
  if (TMPDIR === undefined) delete process.env.TMPDIR;
  else process.env.TMPDIR = TMPDIR;
  rmSync(folder, { recursive: true, force: true });
});

const stackFolders = () => readdirSync(folder).filter((name) => name.startsWith("namesight-stack-"));

describe("startStack", () => {
  test("keeps its files in a folder that only its owner can read, and removes it when stopped", async () => {
    const stack = await startStack({
      forgetsState: true,
      variables: { EXPANSION: "", HF_TOKEN: "t0ken" },
      onOutput: () => undefined,
    });
    const [own = ""] = stackFolders();
    const variables = join(folder, own, "variables");
    expect(statSync(variables).mode & 0o777).toBe(0o600);
    expect(readFileSync(variables, "utf8")).toContain("HF_TOKEN='t0ken'");
    expect(readdirSync(join(folder, own))).toContain("state");
    const health = (await (await fetch(`${stack.url}/health`)).json()) as { status: string };
    expect(health).toMatchObject({ status: "ok" });
    await stack.stop();
    expect(stackFolders()).toEqual([]);
    for (const url of [stack.url, stack.functionsUrl]) await expect(fetch(`${url}/health`)).rejects.toThrow();
  });

  test("starts functions again that were killed", async () => {
    const output: string[] = [];
    const stack = await startStack({
      forgetsState: true,
      onOutput: (source, text) => output.push(`${source}: ${text}`),
    });
    const port = new URL(stack.functionsUrl).port;
    const functions = readProcesses().find(({ pid, words }) => {
      return (
        words.includes("functions/server.ts") && readFileSync(`/proc/${pid}/environ`, "utf8").includes(`PORT=${port}\0`)
      );
    });
    process.kill(Number(functions?.pid), "SIGKILL");
    while (!output.some((text) => text.includes("the functions ended with SIGKILL and start again")))
      await new Promise((again) => setTimeout(again, 20));
    const isUp = () =>
      fetch(`${stack.functionsUrl}/health`).then(
        ({ ok }) => ok,
        () => false,
      );
    while (!(await isUp())) await new Promise((again) => setTimeout(again, 20));
    await stack.stop();
    expect(stackFolders()).toEqual([]);
  });

  test("rejects and starts nothing when a port is taken", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const address = server.address();
    const functionsPort = address && typeof address === "object" ? address.port : 0;
    await expect(startStack({ port: await freePort(), functionsPort, onOutput: () => undefined })).rejects.toThrow(
      `port ${functionsPort} is already in use`,
    );
    expect(stackFolders()).toEqual([]);
    server.close();
  });

  test("rejects with the signal's reason and leaves nothing when it is aborted while it starts", async () => {
    const end = new AbortController();
    const started = startStack({ forgetsState: true, signal: end.signal, onOutput: () => undefined });
    const rejection = expect(started).rejects.toBe(143);
    while (stackFolders().length === 0) await new Promise((again) => setTimeout(again, 20));
    end.abort(143);
    await rejection;
    expect(stackFolders()).toEqual([]);
  });
});
