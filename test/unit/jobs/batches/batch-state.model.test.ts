import fc from "fast-check";
import { expect, test } from "vitest";
import { checkedInvariants, mutationOf } from "../../../mutations/table.ts";
import { INVARIANTS } from "../../../support/batches/model/invariants.ts";
import { play } from "../../../support/batches/model/play.ts";
import type { World } from "../../../support/batches/model/world.ts";
import { RUNS, RUNS_MS } from "../../../support/runs.ts";

const mutation = mutationOf(process.env);
const invariants = checkedInvariants(INVARIANTS, mutation);

/** Long enough for most batches to meet faults until they end. */
const tapes = fc.array(fc.nat(0xffff), { minLength: 20, maxLength: 200, size: "max" });

/** What random histories must get to, or the invariants say little. */
const REACHED: Readonly<Record<string, (world: World) => boolean>> = {
  "batch that ended after three deaths": ({ kills }) => kills >= 3,
  "batch that was canceled": ({ isCanceled }) => isCanceled,
  "job that the batch canceled": ({ canceledJobs }) => canceledJobs > 0,
  "line that never started": ({ unstarted }) => unstarted.size > 0,
  "end that was told again": ({ repeated }) => repeated > 0,
  "alarm that was dropped": ({ dropped }) => dropped > 0,
  "batch with more lines than may run": ({ jobs, order }) => jobs.size > order.maxConcurrent + 2,
  "picture that no job has": ({ deletedPictures }) => deletedPictures.size > 0,
};
const LEAST_PERMILLE = 5;

test(`batches in ${RUNS} random histories keep every invariant`, { timeout: RUNS_MS }, async () => {
  const reached = new Map<string, number>();
  const kept = fc.asyncProperty(tapes, async (tape) => {
    const world = await play(tape);
    for (const name of invariants) {
      const fault = INVARIANTS[name](world);
      if (fault !== null) throw new Error(`a batch ${name}: ${fault}`);
    }
    for (const [what, isReached] of Object.entries(REACHED)) {
      if (isReached(world)) reached.set(what, (reached.get(what) ?? 0) + 1);
    }
  });
  await fc.assert(kept, { numRuns: RUNS, endOnFailure: mutation !== null });
  for (const what of Object.keys(REACHED)) {
    expect((1000 * (reached.get(what) ?? 0)) / RUNS, `of a thousand: ${what}`).toBeGreaterThan(LEAST_PERMILLE);
  }
});
