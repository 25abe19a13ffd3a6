import { execFileSync } from "node:child_process";
import { arch, availableParallelism, cpus, loadavg, platform, release, totalmem } from "node:os";

/** Where and with what figures were measured. */
export interface Machine {
  readonly processor: string;
  readonly cores: number;
  readonly memory_gb: number;
  readonly system: string;
  readonly node: string;
  readonly workerd: string;
  /** Runnable processes on average over the last minute before the start: above 0.5, figures of time are too high. */
  readonly load: number;
}

export function describeMachine(): Machine {
  return {
    processor: cpus()[0]?.model ?? "unknown",
    cores: availableParallelism(),
    memory_gb: Math.round(totalmem() / 2 ** 30),
    system: `${platform()} ${release()} ${arch()}`,
    node: process.version,
    workerd: execFileSync("node_modules/.bin/workerd", ["--version"], { encoding: "utf8" }).trim(),
    load: loadavg()[0] ?? 0,
  };
}
