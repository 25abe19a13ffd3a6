import { readFileSync, writeFileSync } from "node:fs";
import { type Reference, referenceOf, regressionsOf } from "./check.ts";
import { type Figure, tableOf } from "./figures.ts";
import type { Machine } from "./machine.ts";
import type { Command } from "./usage.ts";

/** Where figures are committed. */
const FILES = { figures: "bench/reference.json", document: "BENCHMARKS.md" };
/** The part of the document for all figures but those of benchmarks with a part of their own. */
const FIGURES = /(<!-- figures:[^>]*-->\n)[\s\S]*(<!-- end of figures -->)/;
/** The part of a benchmark that has one of its own, so that it can be measured again alone. */
const ownFigures = (bench: string) =>
  new RegExp(`(<!-- figures of ${bench}:[^>]*-->\\n)[\\s\\S]*(<!-- end of figures of ${bench} -->)`);

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
  const withHost = (some: readonly Figure[]) => `${host}\n\n${tableOf(some)}`;
  console.log(options.json ? JSON.stringify({ machine, figures }, null, 2) : withHost(figures));
  const reference = JSON.parse(readFileSync(files.figures, "utf8")) as Reference;
  if (options.write) {
    const written = { ...reference, ...referenceOf(figures) };
    writeFileSync(files.figures, `${JSON.stringify(written, null, 2)}\n`);
    writeFileSync(files.document, withFigures(readFileSync(files.document, "utf8"), figures, withHost));
  }
  const regressions = options.check ? regressionsOf(figures, reference) : [];
  for (const regression of regressions) console.error(regression);
  return regressions.length > 0 || failed > 0 ? 1 : 0;
}

/** The document with figures in place of those that it had, each in its part. */
function withFigures(document: string, figures: readonly Figure[], print: (some: readonly Figure[]) => string): string {
  const day = new Date().toISOString().slice(0, 10);
  const parts = new Map<string, Figure[]>();
  for (const figure of figures) {
    const own = ownFigures(figure.bench);
    const part = own.test(document) ? own.source : FIGURES.source;
    parts.set(part, [...(parts.get(part) ?? []), figure]);
  }
  let written = document;
  for (const [part, some] of parts) {
    written = written.replace(new RegExp(part), (_, start, end) => `${start}\n${day}. ${print(some)}\n\n${end}`);
  }
  return written;
}
