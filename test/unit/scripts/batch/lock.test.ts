import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Locked, takeLock } from "../../../../scripts/batch/lock.ts";

let folder: string;
let path: string;
const children: ChildProcess[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "namesight-lock-"));
  path = join(folder, "out.jsonl.state.lock");
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  rmSync(folder, { recursive: true });
});

/** The lock as another process has made it. */
function lockOf(pid: number) {
  mkdirSync(path);
  writeFileSync(join(path, `${pid}-other`), "");
}
const deadPid = () => spawnSync("true").pid;

test("is there while it is held, and nothing of it stays", () => {
  const release = takeLock(path);
  expect(readdirSync(folder)).toEqual(["out.jsonl.state.lock"]);
  release();
  expect(readdirSync(folder)).toEqual([]);
  release();
});

test("is refused while another process has it, and names that one", () => {
  lockOf(process.ppid);
  const error = (() => {
    try {
      return takeLock(path);
    } catch (thrown) {
      return thrown;
    }
  })();
  expect(error).toBeInstanceOf(Locked);
  expect(error).toMatchObject({ pid: process.ppid });
  expect([readdirSync(folder), readdirSync(path)]).toEqual([["out.jsonl.state.lock"], [`${process.ppid}-other`]]);
});

test.each([
  ["a process that was killed", deadPid],
  ["a former process with the id of this one", () => process.pid],
])("is taken over from %s", (_, pid) => {
  lockOf(pid());
  const release = takeLock(path);
  expect(readdirSync(path)).toEqual([expect.stringMatching(`^${process.pid}-`)]);
  release();
  expect(readdirSync(folder)).toEqual([]);
});

test("is taken where a process was killed while it released it", () => {
  mkdirSync(path);
  takeLock(path)();
  expect(readdirSync(folder)).toEqual([]);
});

test("is had by one of the processes that find it dead at once", async () => {
  lockOf(deadPid());
  const script = `
    const { takeLock } = await import(process.argv[1]);
    process.stdin.once("data", () => {
      try { takeLock(process.argv[2]); console.log("has it"); } catch (error) { console.log(error.message); }
    });
    console.log("ready");`;
  const module = join(process.cwd(), "scripts/batch/lock.ts");
  const started = Array.from({ length: 4 }, () => {
    const flags = ["--disable-warning=ExperimentalWarning", "--input-type=module", "-e", script, module, path];
    const child = spawn(process.execPath, flags, { stdio: ["pipe", "pipe", "inherit"] });
    children.push(child);
    return child;
  });
  await Promise.all(started.map(({ stdout }) => once(stdout, "data")));
  const told = started.map(({ stdout }) => once(stdout, "data"));
  for (const { stdin } of started) stdin.write("go");
  const texts = (await Promise.all(told)).map(([text]) => String(text).trim());
  const winner = started[texts.indexOf("has it")];
  expect(texts.toSorted()).toEqual(["has it", ...Array(3).fill(`process ${winner?.pid} has the lock`)]);
});

test.runIf(process.platform === "linux")("is taken over from a process that has ended unheard", async () => {
  // The shell becomes another program, which never waits for the child.
  const child = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 600"], { stdio: ["ignore", "pipe", "ignore"] });
  children.push(child);
  const [printed] = await once(child.stdout as NodeJS.ReadableStream, "data");
  const pid = Number(printed);
  const state = () => readFileSync(`/proc/${pid}/stat`, "utf8").replace(/^.*\) (\w) .*$/s, "$1");
  while (state() !== "Z") await new Promise((resolve) => setImmediate(resolve));
  lockOf(pid);
  const release = takeLock(path);
  release();
  expect(readdirSync(folder)).toEqual([]);
});
