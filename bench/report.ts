import { readFileSync, writeFileSync } from "node:fs";
import { type Reference, referenceOf, regressionsOf } from "./check.ts";
import { type Figure, tableOf } from "./figures.ts";
import type { Machine } from "./machine.ts";
import type { Command } from "./usage.ts";

/** Where figures are committed. */
const FILES = { figures: "bench/reference.json", document: "BENCHMARKS.md" };
/** The part of the document that is written. */
const FIGURES = /(<!-- figures:[^>]*-->\n)[\s\S]*(<!-- end of figures -->)/;

/** What was measured. */
export interface Measured {
  readonly machine: Machine;
  readonly figures: readonly Figure[];
  /** Benchmarks that gave no figure. */
  readonly failed: number;
}

/**
 * Prints the figures, writes them with `--write`, and prints with `--check` what is worse than its reference. Returns
 * the exit status.
 */
export function report({ machine, figures, failed }: Measured, options: Command["options"], files = FILES): number {
  const { processor, cores, memory_gb, node, workerd, load } = machine;
  const host = `${processor}, ${cores} cores, ${memory_gb} GB; Node ${node}, ${workerd}; load before ${load.toFixed(1)}`;
  const table = `${host}\n\n${tableOf(figures)}`;
  console.log(options.json ? JSON.stringify({ machine, figures }, null, 2) : table);
  const reference = JSON.parse(readFileSync(files.figures, "utf8")) as Reference;
  if (options.write) {
    const written = { ...reference, ...referenceOf(figures) };
    writeFileSync(files.figures, `${JSON.stringify(written, null, 2)}\n`);
    const document = readFileSync(files.document, "utf8");
    const day = new Date().toISOString().slice(0, 10);
    writeFileSync(
      files.document,
      document.replace(FIGURES, (_, start, end) => `${start}\n${day}. ${table}\n\n${end}`),
    );
  }
  const regressions = options.check ? regressionsOf(figures, reference) : [];
  for (const regression of regressions) console.error(regression);
  return regressions.length > 0 || failed > 0 ? 1 : 0;
}
