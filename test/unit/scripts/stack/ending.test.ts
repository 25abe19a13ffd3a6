import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

const MODULE = resolve(import.meta.dirname, "../../../../scripts/stack/ending.ts");
/** Prints its pid, and exits with the status that `endSignal` gives as the reason. */
const SCRIPT = `
import { endSignal } from ${JSON.stringify(MODULE)};
const end = endSignal();
end.addEventListener("abort", () => process.exit(end.reason));
console.log(process.pid);
setInterval(() => process.env.CHATTY && console.log("more"), 20);
`;
const NODE = [
  process.execPath,
  "--disable-warning=ExperimentalWarning",
  "--input-type=module-typescript",
  "-e",
  SCRIPT,
];
const quote = (argument: string) => `'${argument.replaceAll("'", `'\\''`)}'`;

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) {
    try {
      process.kill(-(child.pid ?? 0), "SIGKILL");
    } catch {
      // It has ended, as it should.
    }
  }
});

/** Starts a command and resolves with it and the pid that the script in it prints. */
async function start(command: string[], environment: object = {}): Promise<{ child: ChildProcess; pid: number }> {
  const [program = "", ...arguments_] = command;
  const { npm_lifecycle_event: _, ...inherited } = process.env;
  const child = spawn(program, arguments_, {
    detached: true,
    env: { ...inherited, ...environment },
    stdio: ["ignore", "pipe", "inherit"],
  });
  children.push(child);
  if (!child.stdout) throw new Error("no output");
  const [printed] = await once(child.stdout, "data");
  return { child, pid: Number(printed) };
}

const isRunning = (pid: number) => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

describe("endSignal", () => {
  test.each([
    ["SIGHUP", 129],
    ["SIGINT", 130],
    ["SIGTERM", 143],
  ] as const)("aborts with the shell's status when the process gets %s", async (signal, status) => {
    const { child } = await start(NODE);
    child.kill(signal);
    expect(await once(child, "exit")).toEqual([status, null]);
  });

  test("aborts with 141 when nobody reads the output any more", async () => {
    const { child } = await start(NODE, { CHATTY: "1" });
    child.stdout?.destroy();
    expect(await once(child, "exit")).toEqual([141, null]);
  });

  test("aborts when the shell that npm ran it through is killed", async () => {
    const { child, pid } = await start(["sh", "-c", `${NODE.map(quote).join(" ")}; true`], {
      npm_lifecycle_event: "a",
    });
    child.kill("SIGKILL");
    while (isRunning(pid)) await new Promise((again) => setTimeout(again, 20));
  });

  test("goes on when a parent that is not npm ends", async () => {
    const { child, pid } = await start(["sh", "-c", `${NODE.map(quote).join(" ")}; true`], { CHATTY: "1" });
    child.kill("SIGKILL");
    // It prints a line every 20 ms, and would look for its parents every 250.
    let lines = 0;
    for await (const part of child.stdout ?? []) {
      lines += String(part).split("\n").length - 1;
      if (lines >= 40) break;
    }
    process.kill(pid, 0);
    expect(lines).toBeGreaterThanOrEqual(40);
  });
});
