import { randomUUID } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, renameSync, rmdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

/** Another process has the lock. */
export class Locked extends Error {
  readonly pid: number;

  constructor(pid: number) {
    super(`process ${pid} has the lock`);
    this.pid = pid;
  }
}

/**
 * Takes a lock that one process of this machine has at a time: a folder with one file, whose name begins with the
 * process's id. Renaming replaces an empty folder and no other, so one process gets the place, also of several that
 * find the lock of a process that was killed.
 *
 * @returns what releases it
 * @throws Locked while another process that runs has it
 */
export function takeLock(path: string): () => void {
  const name = `${process.pid}-${randomUUID()}`;
  const made = mkdtempSync(`${path}.`);
  try {
    writeFileSync(join(made, name), "");
    do removeDead(path);
    while (!renamed(made, path));
  } catch (error) {
    rmSync(made, { recursive: true, force: true });
    throw error;
  }
  return () => {
    rmSync(join(path, name), { force: true });
    removeEmpty(path);
  };
}

/** Removes the lock of a process that has ended. The name of its file is its own: nobody else's lock is removed. */
function removeDead(path: string): void {
  for (const name of namesIn(path)) {
    const pid = Number.parseInt(name, 10);
    if (isRunning(pid)) throw new Locked(pid);
    rmSync(join(path, name), { force: true, recursive: true });
  }
  removeEmpty(path);
}

/** Whether another process has this id. This process takes a lock once: one with its id is of a former process. */
function isRunning(pid: number): boolean {
  if (!(pid > 0) || pid === process.pid) return false;
  return failureOf(() => process.kill(pid, 0), "ESRCH", "EPERM") !== "ESRCH" && !isZombie(pid);
}

/**
 * Whether a process has ended and its parent has not heard of it, which may take long in a container (proc(5),
 * "/proc/pid/stat"). False on systems without /proc.
 */
function isZombie(pid: number): boolean {
  let stat = "";
  failureOf(
    () => {
      stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    },
    "ENOENT",
    "ESRCH",
    "EACCES",
  );
  // The name before the state is in brackets, and may have any characters.
  return /^[ZX]/.test(stat.slice(stat.lastIndexOf(")") + 2));
}

function renamed(from: string, to: string): boolean {
  return failureOf(() => renameSync(from, to), "ENOTEMPTY", "EEXIST") === null;
}

function namesIn(path: string): string[] {
  let names: string[] = [];
  failureOf(() => {
    names = readdirSync(path);
  }, "ENOENT");
  return names;
}

function removeEmpty(path: string): void {
  failureOf(() => rmdirSync(path), "ENOENT", "ENOTEMPTY", "EEXIST");
}

/** Null when it was done; else the code of its error, which is one of these. Throws any other error. */
function failureOf(work: () => unknown, ...codes: readonly string[]): string | null {
  try {
    work();
    return null;
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (codes.includes(code)) return code;
    throw error;
  }
}
