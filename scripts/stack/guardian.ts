/**
 * `node scripts/stack/guardian.ts`: ends a stack and removes its files, whatever happened to the process that started
 * it. That process starts the guardian first and holds a pipe to it. Each line of standard input is something to end, a
 * `GuardedThing` as JSON. When the input ends, because the pipe was closed or because the other process died (SIGKILL
 * included), the guardian ends and removes all of it, and exits.
 */
import { rmSync } from "node:fs";
import { createInterface } from "node:readline";

/** A process group, by the pid of its leader; one process; a file or folder. */
export type GuardedThing = { readonly group: number } | { readonly process: number } | { readonly path: string };

/** How long processes get between SIGTERM and SIGKILL. */
const END_WITHIN_MS = 5_000;
const POLL_MS = 25;

// Only the end of the input ends the guardian.
for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => undefined);
const guarded: GuardedThing[] = [];
for await (const line of createInterface({ input: process.stdin })) guarded.push(JSON.parse(line) as GuardedThing);
await endAll(guarded);

/** Ends every process, first by SIGTERM, then by SIGKILL, and removes every path after that. */
async function endAll(guarded: readonly GuardedThing[]): Promise<void> {
  // A negative pid is a group to kill(2). Its leader tells whether it still runs.
  const targets = guarded.flatMap((thing) =>
    "group" in thing ? [-thing.group] : "process" in thing ? [thing.process] : [],
  );
  for (const target of targets) signal(target, "SIGTERM");
  const deadline = Date.now() + END_WITHIN_MS;
  while (targets.some((target) => signal(Math.abs(target), 0)) && Date.now() < deadline)
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  for (const target of targets) signal(target, "SIGKILL");
  for (const thing of guarded) if ("path" in thing) rmSync(thing.path, { recursive: true, force: true, maxRetries: 5 });
}

/** Whether there was somebody to signal. */
function signal(target: number, name: NodeJS.Signals | 0): boolean {
  try {
    process.kill(target, name);
    return true;
  } catch {
    return false;
  }
}
