import { EDGE_BENCHES, type EdgeBench, type EdgeRun } from "./commands/index.ts";
import { Session } from "./edge/session.ts";
import type { Figure } from "./figures.ts";
import type { Command } from "./usage.ts";

/** The benchmarks whose figures `--check` compares with the reference. */
const CHECKED: readonly EdgeBench[] = ["floor", "order", "rate", "size"];

/** The benchmarks of the Worker that a command asks for. */
export function benchesOf({ name, options }: Pick<Command, "name" | "options">): readonly EdgeBench[] {
  if (options.check) return CHECKED;
  const all = Object.keys(EDGE_BENCHES) as EdgeBench[];
  return name === "all" ? all : all.filter((bench) => bench === name);
}

/**
 * Measures one benchmark after another; one that fails does not end the others. Says on standard error how long each
 * took.
 *
 * @param minify whether the Worker is as it is deployed; else functions keep their names
 */
export async function measureEdge(
  benches: readonly EdgeBench[],
  minify: boolean,
): Promise<{ figures: Figure[]; failed: number }> {
  const figures: Figure[] = [];
  let failed = 0;
  if (benches.length === 0) return { figures, failed };
  await Session.with(async (session) => {
    for (const bench of benches) {
      const run: EdgeRun = EDGE_BENCHES[bench];
      const started = performance.now();
      try {
        figures.push(...(await run(session, minify ? () => undefined : console.error)));
      } catch (error) {
        failed++;
        console.error(`${bench} failed: ${(error as Error).message}`);
      }
      console.error(`${bench}: ${((performance.now() - started) / 1_000).toFixed(0)} s`);
    }
  }, minify);
  return { figures, failed };
}
