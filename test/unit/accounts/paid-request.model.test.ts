import fc from "fast-check";
import { expect, test } from "vitest";
import { checkedInvariants, mutationOf } from "../../mutations/table.ts";
import { INVARIANTS } from "../../support/accounts/model/invariants.ts";
import type { Observation } from "../../support/accounts/model/observation.ts";
import { play } from "../../support/accounts/model/play.ts";
import { tapes } from "../../support/accounts/model/tape.ts";
import { RUNS, RUNS_MS } from "../../support/runs.ts";

/** With a mutation, only the invariant that it breaks is checked, and the first counterexample is enough. */
const mutation = mutationOf(process.env);
const invariants = checkedInvariants(INVARIANTS, mutation);

/** What random worlds must get to, or the invariants say little: how many of a thousand do at least. */
const REACHED: Readonly<Record<string, (observation: Observation) => boolean>> = {
  "answer that is repeated": ({ replays }) => replays.length > 0,
  "settlement that was repeated": ({ requests }) => requests.some(({ settlements }) => settlements.length > 1),
  "lost settlement that the account made itself": ({ requests, charges }) =>
    requests.some(({ id, settledAt }) => charges.has(id) && settledAt === null),
  "request that ran again after one that ended without an answer": ({ requests }) =>
    requests.some((one) => requests.some((other) => one !== other && one.name === other.name && one.run && other.run)),
  "payment that came with a request": ({ requests, charges }) =>
    requests.some(({ id, mode }) => mode === "payment" && charges.has(id)),
  "answer to a test key": ({ requests }) => requests.some(({ mode, body }) => mode === "test" && body !== null),
  "money that is owed": ({ sums }) => sums.some(({ owed }) => owed > 0),
  "request that was deleted": ({ requests }) => requests.some(({ isForgotten }) => isForgotten),
};
const LEAST_PERMILLE = 2;

test(`paid requests in ${RUNS} random worlds keep every invariant`, { timeout: RUNS_MS }, async () => {
  const reached = new Map<string, number>();
  const kept = fc.asyncProperty(tapes, async (tape) => {
    const observation = await play(tape);
    for (const name of invariants) {
      const fault = INVARIANTS[name](observation);
      if (fault !== null) throw new Error(`a paid request ${name}: ${fault}`);
    }
    for (const [what, isReached] of Object.entries(REACHED)) {
      if (isReached(observation)) reached.set(what, (reached.get(what) ?? 0) + 1);
    }
  });
  await fc.assert(kept, { numRuns: RUNS, endOnFailure: mutation !== null });
  for (const what of Object.keys(REACHED)) {
    expect((1000 * (reached.get(what) ?? 0)) / RUNS, `of a thousand: ${what}`).toBeGreaterThan(LEAST_PERMILLE);
  }
});
