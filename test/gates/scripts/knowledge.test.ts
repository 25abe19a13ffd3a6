import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, expect, test } from "vitest";
import { readPool } from "../../../src/storage/example-pool.ts";

/** The command `npm run knowledge` as a process, with an embedding host on this machine and R2 in a folder. */
const root = resolve(import.meta.dirname, "../../..");
const folder = mkdtempSync(join(tmpdir(), "namesight-knowledge-"));
const file = join(folder, "examples.jsonl");
const state = join(folder, "state");
const embedder = createServer((request, response) => {
  let body = "";
  request.on("data", (part) => {
    body += part;
  });
  request.on("end", () => {
    const { input } = JSON.parse(body) as { input: string[] };
    const data = input.map((text, index) => ({ index, embedding: [text.length, 1] }));
    response.end(JSON.stringify({ data }));
  });
});
await new Promise<void>((listening) => embedder.listen(0, "127.0.0.1", listening));
const ENDPOINT_TEST = `http://127.0.0.1:${(embedder.address() as AddressInfo).port}/v1`;
afterAll(() => {
  embedder.close();
  rmSync(folder, { recursive: true });
});
const environment = { PATH: process.env.PATH, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: folder };

function knowledge(...given: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...environment, EMBEDDING: "openai:test/embedder", ENDPOINT_TEST };
  const command = ["--disable-warning=ExperimentalWarning", "scripts/knowledge.ts", ...given];
  return new Promise((done) => {
    const child = execFile(process.execPath, command, { cwd: root, env }, (_, stdout, stderr) =>
      done({ code: child.exitCode ?? -1, stdout, stderr }),
    );
  });
}

test("puts the examples with their vectors where the Worker reads them", async () => {
  writeFileSync(
    file,
    '{"text": "Rome!", "answer": "Rome is a city."}\n{"text": "NASA", "answer": "It is an agency."}\n',
  );
  const { code, stdout, stderr } = await knowledge("load", file, "--persist-to", state);
  expect([code, stderr]).toEqual([0, ""]);
  expect(stdout).toBe("2 examples with vectors of embedder are in namesight-masks/knowledge/examples.jsonl\n");
  const stored = execFileSync(
    process.execPath,
    [
      "node_modules/wrangler/bin/wrangler.js",
      ...[
        "r2",
        "object",
        "get",
        "namesight-masks/knowledge/examples.jsonl",
        "--pipe",
        "--local",
        "--persist-to",
        state,
      ],
    ],
    { cwd: root, env: environment, encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] },
  );
  const { model, examples } = readPool(stored);
  expect([model, examples.map(({ example, vector }) => [example.text, ...vector])]).toEqual([
    "embedder",
    [
      ["Rome!", 5, 1],
      ["NASA", 4, 1],
    ],
  ]);
});

test("names the wrong lines of a file and stores nothing", async () => {
  writeFileSync(file, '{"text": "Rome!", "answer": "Rome is a city."}\n{"text": "NASA"}\n');
  const { code, stdout, stderr } = await knowledge("load", file, "--persist-to", join(folder, "none"));
  expect([code, stdout]).toEqual([1, ""]);
  expect(stderr).toContain(`${file}: line 2: answer`);
});

test("says how it is called", async () => {
  expect(await knowledge("--help")).toMatchObject({ code: 0, stdout: expect.stringContaining("load FILE") });
  expect(await knowledge("store", file)).toMatchObject({ code: 2, stderr: expect.stringContaining("load FILE") });
  expect(await knowledge("load", join(folder, "missing"))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining("ENOENT"),
  });
});
