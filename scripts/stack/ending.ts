import { readFileSync } from "node:fs";

/** Shells that npm runs a script with, by the name that Linux shows. */
const SHELLS = new Set(["sh", "dash", "bash", "ash", "busybox", "zsh", "ksh"]);
const POLL_MS = 250;
const SIGNALS = { SIGHUP: 1, SIGINT: 2, SIGPIPE: 13, SIGTERM: 15 } as const;
/** The exit status of a process that a signal ended, by the shell's convention. */
const statusOf = (signal: keyof typeof SIGNALS) => 128 + SIGNALS[signal];

/**
 * Aborts when this process should end, with the exit status as its reason: on SIGINT, SIGTERM and SIGHUP, when nobody
 * reads its output any more (`npm run demo | head -1`), and when the npm that started it is gone. npm runs a script
 * through a shell and signals that shell alone, so a signal to npm may never arrive here.
 */
export function endSignal(): AbortSignal {
  const end = new AbortController();
  for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"] as const) process.on(signal, () => end.abort(statusOf(signal)));
  for (const stream of [process.stdout, process.stderr]) {
    stream.on("error", (error: NodeJS.ErrnoException) => {
      if (error.code !== "EPIPE") throw error;
      end.abort(statusOf("SIGPIPE"));
    });
  }
  if (process.env.npm_lifecycle_event !== undefined) {
    const parents = readParents().join();
    const timer = setInterval(() => {
      if (readParents().join() !== parents) end.abort(statusOf("SIGTERM"));
    }, POLL_MS);
    timer.unref();
  }
  return end.signal;
}

/**
 * The parent's pid and, when the parent is a shell between npm and us, its parent's. Where there is no /proc (macOS)
 * the shell replaces itself by the script, and npm is the parent.
 */
function readParents(): number[] {
  const { ppid } = process;
  try {
    // proc_pid_stat(5): pid (name) state ppid …
    const [, name = "", parent = ""] =
      /^\d+ \((.*)\) \S (\d+) /s.exec(readFileSync(`/proc/${ppid}/stat`, "utf8")) ?? [];
    return SHELLS.has(name) ? [ppid, Number(parent)] : [ppid];
  } catch {
    return [ppid];
  }
}
