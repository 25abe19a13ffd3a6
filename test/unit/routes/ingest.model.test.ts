import fc from "fast-check";
import { expect, test } from "vitest";
import { checkedInvariants, mutationOf } from "../../mutations/table.ts";
import { RUNS, RUNS_MS } from "../../support/runs.ts";
import { INVARIANTS } from "../../support/webhooks/ingest/invariants.ts";
import { type Fault, World } from "../../support/webhooks/ingest/world.ts";
import { useQuickDigest, useQuickHmac } from "../../support/webhooks/quick-hmac.ts";

const mutation = mutationOf(process.env);
const invariants = checkedInvariants(INVARIANTS, mutation);

const sendings = fc.uniqueArray(
  fc.record({
    source: fc.nat(1),
    id: fc.nat(5),
    pictures: fc.nat(3),
    senders: fc.integer({ min: 1, max: 3 }),
    isForged: fc.boolean(),
  }),
  { selector: ({ source, id }) => `${source} ${id}`, minLength: 1, maxLength: 3 },
);
const faults = fc.infiniteStream(
  fc.oneof(
    { weight: 4, arbitrary: fc.constant<Fault>("none") },
    { weight: 1, arbitrary: fc.constantFrom<Fault>("lost before it was stored", "lost after it was stored") },
  ),
);

/** What random histories must get to, or the invariants say little. */
const REACHED: Readonly<Record<string, (world: World) => boolean>> = {
  "message that was sent by several at once": ({ sendings: sent }) => sent.some(({ senders }) => senders > 1),
  "message that was taken when it was sent again": ({ taken }) => taken.some(({ attempts }) => attempts > 1),
  "message that was taken as new and as known": ({ taken }) =>
    taken.some(({ answer }) => answer.duplicate) && taken.some(({ answer }) => !answer.duplicate),
  "message with several pictures": ({ sendings: sent }) => sent.some(({ pictures }) => pictures > 1),
  "message without a picture": ({ sendings: sent }) => sent.some(({ pictures }) => pictures === 0),
  "messages of two sources with one id": ({ sendings: sent }) => new Set(sent.map(({ id }) => id)).size < sent.length,
  "forged message": ({ forged }) => forged.length > 0,
  "job that was lost before it was stored": ({ faults: met }) => met.has("lost before it was stored"),
  "job that was lost after it was stored": ({ faults: met }) => met.has("lost after it was stored"),
};
const LEAST_PERMILLE = 20;

useQuickHmac();
useQuickDigest();

test(`incoming messages in ${RUNS} random histories keep every invariant`, { timeout: RUNS_MS }, async () => {
  const reached = new Map<string, number>();
  const kept = fc.asyncProperty(fc.scheduler(), sendings, faults, async (scheduler, sent, lost) => {
    const world = new World(scheduler, sent, () => lost.next().value as Fault);
    await world.play();
    for (const name of invariants) {
      const fault = INVARIANTS[name](world);
      if (fault !== null) throw new Error(`an incoming message ${name}: ${fault}`);
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
