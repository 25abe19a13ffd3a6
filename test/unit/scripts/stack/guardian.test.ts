import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { GuardedThing } from "../../../../scripts/stack/guardian.ts";

let folder: string;
let guardian: ChildProcess;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "namesight-guardian-"));
  guardian = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", "scripts/stack/guardian.ts"], {
    stdio: ["pipe", "ignore", "inherit"],
  });
});
afterEach(() => {
  guardian.kill("SIGKILL");
  rmSync(folder, { recursive: true, force: true });
});

const guard = (thing: GuardedThing) => guardian.stdin?.write(`${JSON.stringify(thing)}\n`);

async function endInput(): Promise<void> {
  const exited = once(guardian, "exit");
  guardian.stdin?.end();
  await exited;
}

/** A Node process that runs `script` and has printed something. */
async function start(script: string, detached = false): Promise<ChildProcess & { pid: number }> {
  const child = spawn(process.execPath, ["-e", `${script}; console.log("up"); setInterval(() => 0, 1000)`], {
    detached,
    stdio: ["ignore", "pipe", "ignore"],
  });
  if (child.stdout) await once(child.stdout, "data");
  if (child.pid === undefined) throw new Error("no process was started");
  return Object.assign(child, { pid: child.pid });
}

const exitOf = (child: ChildProcess) =>
  child.exitCode !== null || child.signalCode !== null
    ? Promise.resolve([child.exitCode, child.signalCode])
    : once(child, "exit");

describe("guardian", () => {
  test("removes a file and a folder when its input ends", async () => {
    const [file, inner] = [join(folder, "file"), join(folder, "inner")];
    writeFileSync(file, "");
    mkdirSync(join(inner, "deep"), { recursive: true });
    guard({ path: file });
    guard({ path: inner });
    await endInput();
    expect([existsSync(file), existsSync(inner), existsSync(folder)]).toEqual([false, false, true]);
  });

  test("ends a process by SIGTERM when its input ends", async () => {
    const child = await start('process.on("SIGTERM", () => process.exit(7))');
    guard({ process: child.pid });
    await endInput();
    expect(await exitOf(child)).toEqual([7, null]);
  });

  test("ends the children of a group together with their parent", async () => {
    const script = `
      const child = require("node:child_process").spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"]);
      console.log(child.pid)`;
    const parent = spawn(process.execPath, ["-e", `${script}; setInterval(() => 0, 1000)`], {
      detached: true,
      stdio: ["ignore", "pipe", "ignore"],
    });
    const [printed] = parent.stdout ? await once(parent.stdout, "data") : [];
    guard({ group: parent.pid ?? 0 });
    await endInput();
    expect(await exitOf(parent)).toEqual([null, "SIGTERM"]);
    // Whoever inherits the child may take a moment to collect it.
    while (isRunning(Number(printed))) await new Promise((again) => setTimeout(again, 20));
  });

  test("ends by SIGKILL when a process ignores SIGTERM", async () => {
    const child = await start('process.on("SIGTERM", () => 0)');
    guard({ process: child.pid });
    await endInput();
    expect(await exitOf(child)).toEqual([null, "SIGKILL"]);
  });
});

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
