import { readFileSync } from "node:fs";
import type { ProcessEntry } from "../memory/workerd.ts";

/**
 * The process that serves the functions on a port (Linux). Throws when there is none.
 *
 * @param environmentOf the environment of a process, its variables separated by NUL
 */
export function findFunctions(
  port: string,
  processes: readonly ProcessEntry[],
  environmentOf = (pid: string) => readFileSync(`/proc/${pid}/environ`, "utf8"),
): number {
  const found = processes.find(({ pid, words }) => {
    return words.includes("functions/server.ts") && environmentOf(pid).split("\0").includes(`PORT=${port}`);
  });
  if (!found) throw new Error(`no functions listen on port ${port} of this machine`);
  return Number(found.pid);
}
