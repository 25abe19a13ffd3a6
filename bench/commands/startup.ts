import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CpuProfile, summariseProfile } from "../cpu/profile.ts";
import type { Figure } from "../figures.ts";
import { median } from "../statistics.ts";

const RUNS = 5;
const GOAL = { most: 1.3 };
const WORKERS = ["wrangler.toml", "bench/bare/wrangler.toml", "bench/bare/contract.toml"];

/**
 * The start of the Worker by `wrangler check startup`, without what loading its contract takes, over that of a bare
 * Hono Worker.
 */
export function benchStartup(measure = startMs): Figure[] {
  const folder = mkdtempSync(join(tmpdir(), "namesight-startup-"));
  try {
    const rounds = Array.from({ length: RUNS }, () => WORKERS.map((config) => measure(config, folder)));
    const [product = NaN, bare = NaN, contract = NaN] = WORKERS.map((_, place) =>
      median(rounds.map((times) => times[place] ?? NaN)),
    );
    return [
      {
        bench: "startup",
        name: "start-up without its contract over a bare Hono Worker's",
        value: (product - Math.max(0, contract - bare)) / bare,
        unit: "×",
        goal: GOAL,
        detail: `${product.toFixed(1)} ms; bare ${bare.toFixed(1)} ms, with the contract ${contract.toFixed(1)} ms`,
      },
    ];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Milliseconds in which V8 worked while a Worker started. */
function startMs(config: string, folder: string): number {
  const profile = join(folder, "start.cpuprofile");
  execFileSync(
    process.execPath,
    [
      "node_modules/wrangler/bin/wrangler.js",
      ...["check", "startup", "--config", config, "--outfile", profile, "--args=--minify"],
    ],
    {
      env: { ...process.env, WRANGLER_SEND_METRICS: "false", WRANGLER_LOG_PATH: ".wrangler/logs" },
      stdio: "pipe",
    },
  );
  const { busy, program } = summariseProfile(JSON.parse(readFileSync(profile, "utf8")) as CpuProfile, 0);
  return busy + program;
}
