import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../../../..");
const folder = mkdtempSync(join(tmpdir(), "with-stack-test-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** `node scripts/with-stack.ts` with a script of these lines. */
async function withStack(script: string, ...given: string[]): Promise<{ status: number; output: string }> {
  const file = join(folder, "script.mjs");
  writeFileSync(file, script);
  const child = spawn("node", ["scripts/launch.js", "scripts/with-stack.ts", file, ...given], {
    cwd: root,
    env: { ...process.env, TMPDIR: folder },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding("utf8").on("data", (part: string) => {
      output += part;
    });
  const [status] = await once(child, "close");
  return { status, output };
}

const stackFolders = () => readdirSync(folder).filter((name) => name.startsWith("namesight-stack-"));

describe("with-stack", () => {
  test("gives the script the addresses and its arguments, and ends with its status", async () => {
    const script = `
      const health = await fetch(process.env.NAMESIGHT_URL + "/health");
      const functions = await fetch(process.env.FUNCTIONS_URL + "/health");
      console.log([health.status, functions.status, ...process.argv.slice(2)].join(" "));
      process.exitCode = 3;`;
    const { status, output } = await withStack(script, "--json", "a");
    expect([status, output]).toEqual([3, expect.stringMatching(/^200 200 --json a\n/)]);
    expect(stackFolders()).toEqual([]);
  });

  test("starts no stack when the script is asked for --help", async () => {
    const { status, output } = await withStack("console.log(process.env.NAMESIGHT_URL ?? 'none')", "--help");
    expect([status, output]).toEqual([0, "none\n"]);
  });

  test("ends the script when the stack ends by itself", async () => {
    const script = `
      import { execFileSync } from "node:child_process";
      const pids = execFileSync("ps", ["-A", "-o", "pid=,args="], { encoding: "utf8" }).split("\\n");
      const port = new URL(process.env.NAMESIGHT_URL).port;
      const worker = pids.find((line) => line.includes("wrangler.js dev") && line.includes("--port " + port + " "));
      process.kill(Number.parseInt(worker, 10), "SIGKILL");
      setInterval(() => 0, 1000);`;
    const { status, output } = await withStack(script);
    expect([status, output]).toEqual([1, expect.stringContaining("Namesight stopped: the worker ended with SIGKILL")]);
    expect(stackFolders()).toEqual([]);
  });
});
