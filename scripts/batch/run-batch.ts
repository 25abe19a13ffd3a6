import { spawn } from "node:child_process";
import { constants } from "node:os";
import { endSignal } from "../stack/ending.ts";

/** The exit status of a process that SIGINT ended, by the shell's convention. */
const INTERRUPTED = 128 + constants.signals.SIGINT;

/**
 * Runs `npm run batch` with these arguments, its input and output those of this process. What would end this process
 * (a signal, or the end of the npm that started it) ends the batch command alone, so that the caller can go on with
 * the results that there are.
 *
 * @param key of an account, which goes by the environment: every user of a machine may read a command line. Undefined
 *   for what the environment has
 * @returns the exit status: that of the command, or 128 and the number of the signal that ended it
 */
export async function runBatch(args: readonly string[], key: string | undefined): Promise<number> {
  const end = endSignal();
  const child = spawn(process.execPath, ["scripts/launch.js", "scripts/batch.ts", ...args], {
    env: { ...process.env, ...(key !== undefined && { NAMESIGHT_KEY: key }) },
    stdio: "inherit",
  });
  // Ctrl-C reaches both processes, and a signal to this one alone would not reach the other.
  end.addEventListener("abort", () => child.kill(end.reason === INTERRUPTED ? "SIGINT" : "SIGTERM"));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("exit", (status, signal) => resolve(status ?? 128 + (signal ? constants.signals[signal] : 0)));
  });
}
