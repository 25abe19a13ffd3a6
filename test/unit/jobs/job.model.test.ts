import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { checkedInvariants, mutationOf } from "../../mutations/table.ts";
import { INVARIANTS } from "../../support/jobs/model/invariants.ts";
import { play } from "../../support/jobs/model/play.ts";
import type { World } from "../../support/jobs/model/world.ts";
import { RUNS, RUNS_MS } from "../../support/runs.ts";
import { useQuickHmac } from "../../support/webhooks/quick-hmac.ts";

// The platform computes digests in another thread, whose end no virtual clock can order.
vi.mock("../../../src/storage/digest.ts", () => ({
  sha256: async (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex"),
}));

useQuickHmac();

const mutation = mutationOf(process.env);
const invariants = checkedInvariants(INVARIANTS, mutation);

/** Long enough for most jobs to meet faults until they are told. */
const tapes = fc.array(fc.nat(0xffff), { minLength: 20, maxLength: 200, size: "max" });

const stateIs = (state: string) => (world: World) => world.job().state === state;

/** What random histories must get to, or the invariants say little. */
const REACHED: Readonly<Record<string, (world: World) => boolean>> = {
  "job that succeeded after three deaths": (world) => world.kills >= 3 && stateIs("succeeded")(world),
  "job that failed": stateIs("failed"),
  "job that expired": stateIs("expired"),
  "job that was canceled": ({ isCanceled }) => isCanceled,
  "job that was deleted behind its end": ({ canceledAt, isCanceled }) => canceledAt !== null && !isCanceled,
  "answer that was charged": (world) => stateIs("succeeded")(world) && world.job().charge !== null,
  "canceled job that was charged": (world) => world.isCanceled && world.job().charge !== null,
  "creation whose reply was lost": ({ points }) => points.met.has("host loses its reply"),
  "process that died at the host": ({ points }) => points.met.has("host dies behind"),
  "process that died at a model": ({ points }) => points.met.has("model dies behind"),
  "process that died at the account": ({ points }) => points.met.has("account dies behind"),
  "process that died at a store": ({ points }) => points.met.has("store dies behind"),
  "process that died at a receiver": ({ points }) => points.met.has("webhook dies behind"),
  "prediction that was canceled": ({ host }) => [...host.predictions.values()].some((one) => one.isCancelAsked),
  "receiver that is gone": ({ posts }) => posts.some(({ status }) => status === 410),
};
const LEAST_PERMILLE = 2;

test(`jobs in ${RUNS} random histories keep every invariant`, { timeout: RUNS_MS }, async () => {
  const reached = new Map<string, number>();
  const kept = fc.asyncProperty(tapes, async (tape) => {
    const world = await play(tape);
    for (const name of invariants) {
      const fault = INVARIANTS[name](world);
      if (fault !== null) throw new Error(`a job ${name}: ${fault}`);
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
