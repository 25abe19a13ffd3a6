import { readdirSync, readFileSync, writeFileSync } from "node:fs";

/** A running process: its number, its parent's and its command line. */
export interface ProcessEntry {
  readonly pid: string;
  readonly parent: string | undefined;
  readonly words: readonly string[];
}

/** The workerd process that runs the Worker, and the port of its inspector. */
export interface Workerd {
  readonly pid: string;
  readonly inspectorPort: string;
}

/** The processes of this machine (Linux). */
export function readProcesses(): ProcessEntry[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const words = readFileSync(`/proc/${pid}/cmdline`, "utf8").split("\0");
        return [{ pid, words, parent: /^PPid:\s+(\d+)$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1] }];
      } catch {
        // The process ended meanwhile.
        return [];
      }
    });
}

/** The workerd of the `wrangler dev` that listens on a port. Throws when there is none, or it has no inspector. */
export function findWorkerd(port: string, processes: readonly ProcessEntry[]): Workerd {
  const option = (words: readonly string[], name: string) =>
    words.includes(name) ? words[words.indexOf(name) + 1] : undefined;
  for (const wrangler of processes.filter(({ words }) => words.includes("dev") && option(words, "--port") === port)) {
    // wrangler starts two workerd processes. The other one is its proxy, which has no inspector.
    const workerd = processes.find(
      ({ words, parent }) => parent === wrangler.pid && words.some((word) => word.startsWith("--inspector-addr")),
    );
    const inspectorPort = option(wrangler.words, "--inspector-port");
    if (workerd && inspectorPort) return { pid: workerd.pid, inspectorPort };
  }
  throw new Error(`no wrangler dev with an inspector listens on port ${port} of this machine`);
}

/** The resident memory of a process in bytes: now (`VmRSS`), or its peak (`VmHWM`). */
export function residentBytes(pid: string, field: "VmRSS" | "VmHWM"): number {
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, "m").exec(status)?.[1]) * 1024;
}

/** Set the peak of a process's resident memory back to the present value (proc(5), `clear_refs`). */
export function resetPeak(pid: string): void {
  writeFileSync(`/proc/${pid}/clear_refs`, "5");
}
