import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { checkedInvariants, mutationOf } from "../../mutations/table.ts";
import { INVARIANTS } from "../../support/request/invariants.ts";
import { type Observation, observe } from "../../support/request/observe.ts";
import { calm, stormy } from "../../support/request/scenario.ts";
import { RUNS, RUNS_MS } from "../../support/runs.ts";

// The platform computes digests in another thread, whose end no virtual clock can order.
vi.mock("../../../src/storage/digest.ts", () => ({
  sha256: async (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex"),
}));

/** With a mutation, only the invariant that it breaks is checked, and the first counterexample is enough. */
const mutation = mutationOf(process.env);
const invariants = checkedInvariants(INVARIANTS, mutation);

/** What random requests must get to, or the invariants say little: how many of a hundred do at least. */
const REACHED: Readonly<Record<string, (observation: Observation) => boolean>> = {
  answer: ({ answer }) => answer !== null,
  problem: ({ problem }) => problem !== null,
  "partial answer": ({ answer }) => answer?.partial === true,
  mask: ({ answer }) => answer?.entities.some(({ regions }) => regions.some(({ mask }) => mask)) === true,
  "more than ten calls": ({ calls }) => calls.length > 10,
  "end at the deadline": ({ took, scenario }) => took >= scenario.deadlineMs,
  "caller who left": ({ took, scenario }) => took >= (scenario.leavesAfter ?? Number.POSITIVE_INFINITY),
  "stage that was too dear": ({ answer }) => answer?.problems.some(({ code }) => code === "over_budget") === true,
  "model that was skipped": ({ answer }) => answer?.problems.some(({ code }) => code === "model_skipped") === true,
};
const LEAST_PERCENT = 1;

test(`${RUNS} random requests keep every invariant`, { timeout: RUNS_MS }, async () => {
  const reached = new Map<string, number>();
  const kept = fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: stormy }, calm), async (scenario) => {
    const observation = await observe(scenario);
    for (const name of invariants) {
      const fault = INVARIANTS[name](observation);
      if (fault !== null) throw new Error(`a request ${name}: ${fault}`);
    }
    for (const [what, isReached] of Object.entries(REACHED)) {
      if (isReached(observation)) reached.set(what, (reached.get(what) ?? 0) + 1);
    }
  });
  await fc.assert(kept, { numRuns: RUNS, endOnFailure: mutation !== null });
  for (const what of Object.keys(REACHED)) {
    expect((100 * (reached.get(what) ?? 0)) / RUNS, `percent of runs with: ${what}`).toBeGreaterThan(LEAST_PERCENT);
  }
});
