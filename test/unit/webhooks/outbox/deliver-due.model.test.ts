import fc from "fast-check";
import { expect, test } from "vitest";
import { checkedInvariants, mutationOf } from "../../../mutations/table.ts";
import { tapes } from "../../../support/accounts/model/tape.ts";
import { RUNS, RUNS_MS } from "../../../support/runs.ts";
import { INVARIANTS } from "../../../support/webhooks/invariants.ts";
import { play } from "../../../support/webhooks/play.ts";
import { useQuickHmac } from "../../../support/webhooks/quick-hmac.ts";
import type { World } from "../../../support/webhooks/world.ts";

const mutation = mutationOf(process.env);
const invariants = checkedInvariants(INVARIANTS, mutation);

/** What random worlds must get to, or the invariants say little. */
const REACHED: Readonly<Record<string, (world: World) => boolean>> = {
  "message that was delivered after a failure": ({ sendings }) =>
    sendings.some(({ id, isTaken }) => isTaken && sendings.some((one) => one.id === id && one.ended?.status === 500)),
  "message that was sent and not recorded": ({ sendings, kills }) =>
    kills > 0 && sendings.some(({ ended, isTaken }) => isTaken && ended === null),
  "endpoint that was disabled": ({ disabled }) => disabled.size > 0,
  "message that was given up after eight attempts": ({ ids, sendings }) =>
    ids.some((id) => sendings.filter((one) => one.id === id && one.ended && one.ended.status !== 204).length >= 8),
  "message that was given up after three days": ({ ids, sendings, processes, startedAt }) =>
    processes.now - startedAt >= 3 * 86_400_000 &&
    ids.some((id) => sendings.filter((one) => one.id === id).every(({ ended }) => ended?.status === 503)),
  "message that was sent again on demand": ({ redelivered }) => redelivered.length > 0,
  "messages that were dropped": ({ droppedAt }) => droppedAt !== null,
  "receiver that hung": ({ sendings }) =>
    sendings.some(({ begun, ended }) => ended?.status === null && ended.time - begun.time === 15_000),
};
const LEAST_PERMILLE = 2;

useQuickHmac();

test(`messages in ${RUNS} random worlds keep every invariant`, { timeout: RUNS_MS }, async () => {
  const reached = new Map<string, number>();
  const kept = fc.asyncProperty(tapes, async (tape) => {
    const world = await play(tape);
    for (const name of invariants) {
      const fault = INVARIANTS[name](world);
      if (fault !== null) throw new Error(`a message ${name}: ${fault}`);
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
