import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { freePort } from "../../../scripts/stack/ports.ts";

const root = resolve(import.meta.dirname, "../../..");
/** Where the stack puts its temporary files. */
let folder: string;
/** Stands in the environment of the stack and of all that it starts. */
let mark: string;
let ports: { PORT: string; FUNCTIONS_PORT: string };

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "start-test-"));
  mark = `NAMESIGHT_TEST_MARK=${randomUUID()}`;
  ports = { PORT: String(await freePort()), FUNCTIONS_PORT: String(await freePort()) };
});
afterEach(() => {
  for (const pid of runningPids()) process.kill(pid, "SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

/** A command as a person's shell starts it: in a process group of its own, `node_modules/.bin` found by npm alone. */
function start(command: string[], variables: Record<string, string> = {}): ChildProcess {
  const [name = "", value = ""] = mark.split("=");
  const [program = "", ...arguments_] = command;
  return spawn(program, arguments_, {
    cwd: root,
    detached: true,
    env: { ...process.env, TMPDIR: folder, [name]: value, ...ports, ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
}

const NPM_START = ["npm", "start"];

/** Resolves with what was printed as soon as it matches; rejects when the process ends before. */
function printed(child: ChildProcess, pattern: RegExp): Promise<string> {
  return new Promise((found, reject) => {
    let text = "";
    child.stdout?.setEncoding("utf8").on("data", (part: string) => {
      text += part;
      if (pattern.test(text)) found(text);
    });
    child.once("exit", (code) => reject(new Error(`ended with ${code}: ${text}`)));
  });
}

async function outcome(child: ChildProcess): Promise<{ status: number | null; errors: string }> {
  let errors = "";
  child.stderr?.setEncoding("utf8").on("data", (part: string) => {
    errors += part;
  });
  child.stdout?.resume();
  const status = await new Promise<number | null>((over) => child.once("close", over));
  return { status, errors };
}

/** Processes whose environment has the mark. */
function runningPids(): number[] {
  const { stdout } = spawnSync("ps", ["-A", "eww", "-o", "pid=,args="], {
    encoding: "utf8",
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout.split("\n").flatMap((line) => (line.includes(mark) ? [Number.parseInt(line, 10)] : []));
}

/** Temporary folders of the stack; npm and Node keep caches of their own beside them. */
const stackFolders = () => readdirSync(folder).filter((name) => name.startsWith("namesight-"));

/** Waits until every process of the stack has ended; the test's own time limit ends it when one never does. */
async function nothingIsLeft(): Promise<void> {
  while (runningPids().length > 0) await new Promise((again) => setTimeout(again, 100));
  expect(stackFolders()).toEqual([]);
  for (const port of Object.values(ports)) await expect(fetch(`http://127.0.0.1:${port}/health`)).rejects.toThrow();
}

describe("npm start", () => {
  test("stays up and prints commands to try, and leaves nothing behind when Ctrl-C is pressed", async () => {
    const child = start(NPM_START);
    expect(await printed(child, /curl -s .*v1\/recognize/)).toContain(`http://127.0.0.1:${ports.PORT}`);
    expect(runningPids().length).toBeGreaterThanOrEqual(5);
    expect(existsSync(folder)).toBe(true);
    // A terminal signals the whole group.
    process.kill(-(child.pid ?? 0), "SIGINT");
    await nothingIsLeft();
  });

  test.each(["SIGTERM", "SIGHUP", "SIGKILL"] as const)(
    "leaves nothing behind when npm alone gets %s",
    async (signal) => {
      const child = start(NPM_START);
      await printed(child, /Namesight is up/);
      child.kill(signal);
      await nothingIsLeft();
    },
  );

  test("leaves nothing behind, the file of secrets included, when the script is killed", async () => {
    const child = start(["node", "scripts/launch.js", "scripts/start.ts"], { HF_TOKEN: "t0ken" });
    await printed(child, /Namesight is up/);
    const [stack = ""] = stackFolders();
    expect(existsSync(join(folder, stack, "variables"))).toBe(true);
    child.kill("SIGKILL");
    await nothingIsLeft();
  });

  test("leaves nothing behind when it is ended while it starts", async () => {
    const child = start(["node", "scripts/launch.js", "scripts/start.ts"]);
    while (stackFolders().length === 0) await new Promise((again) => setTimeout(again, 20));
    child.kill("SIGTERM");
    expect((await outcome(child)).status).toBe(0);
    await nothingIsLeft();
  });

  test("prints every fault and exits with 2 before anything starts when the configuration is wrong", async () => {
    const server = createServer().listen(Number(ports.FUNCTIONS_PORT), "127.0.0.1");
    const { status, errors } = await outcome(
      start(NPM_START, {
        GROUDING: "cog:local/grounding",
        EXPANSION: "openai:ollama/x",
        ENDPOINT_OLAMA: "http://127.0.0.1:1",
      }),
    );
    server.close();
    expect(status).toBe(2);
    const lines = errors.trim().split("\n");
    expect(lines[0]).toBe("Namesight did not start: the configuration has 4 faults.");
    expect(lines.slice(1).toSorted()).toEqual([
      "- ENDPOINT_OLAMA (environment) is read by nothing; did you mean ENDPOINT_OLLAMA?",
      '- EXPANSION "openai:ollama/x": ENDPOINT_OLLAMA is not set',
      "- GROUDING (environment) is read by nothing; did you mean GROUNDING?",
      `- port ${ports.FUNCTIONS_PORT} is already in use; stop the program that listens there, or set FUNCTIONS_PORT to another port`,
    ]);
    expect(stackFolders()).toEqual([]);
  });

  test("exits with 2 when given an option that it does not know", async () => {
    const { status, errors } = await outcome(start([...NPM_START, "--", "--port", "1"]));
    expect([status, errors]).toEqual([2, expect.stringContaining("Unknown option '--port'")]);
  });
});

describe("npm run demo", () => {
  test("leaves nothing behind when nobody reads what it prints", async () => {
    const { status } = await outcome(start(["bash", "-c", "npm run -s demo | head -1"]));
    expect(status).toBe(0);
    await nothingIsLeft();
  });

  test("exits with 2 before anything starts when the configuration is wrong", async () => {
    const { status, errors } = await outcome(start(["npm", "run", "-s", "demo"], { MNER: "cog:local" }));
    expect(status).toBe(2);
    expect(errors).toMatch(/^Namesight did not start: the configuration has 1 fault\.\n- MNER "cog:local": /);
    expect(stackFolders()).toEqual([]);
  });
});
