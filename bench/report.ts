import { readFileSync, writeFileSync } from "node:fs";
import { type Reference, referenceOf, regressionsOf } from "./check.ts";
import { type Figure, tableOf } from "./figures.ts";
import type { Machine } from "./machine.ts";
import type { Command } from "./usage.ts";

const REFERENCE = "bench/reference.json";

/**
 * Prints the figures, and with `--check` what is worse than its reference. Returns the exit status.
 *
 * @param failed benchmarks that gave no figure
 * @param file where the reference is
 */
export function report(
  machine: Machine,
  figures: readonly Figure[],
  failed: number,
  options: Command["options"],
  file = REFERENCE,
): number {
  const { processor, cores, memory_gb, node, workerd, load } = machine;
  if (options.json) console.log(JSON.stringify({ machine, figures }, null, 2));
  else {
    console.log(
      `${processor}, ${cores} cores, ${memory_gb} GB; Node ${node}, ${workerd}; load before ${load.toFixed(1)}\n`,
    );
    console.log(tableOf(figures));
  }
  if (options["write-reference"]) writeFileSync(file, `${JSON.stringify(referenceOf(figures), null, 2)}\n`);
  if (!options.check) return failed > 0 ? 1 : 0;
  const regressions = regressionsOf(figures, JSON.parse(readFileSync(file, "utf8")) as Reference);
  for (const regression of regressions) console.error(regression);
  return regressions.length > 0 || failed > 0 ? 1 : 0;
}
