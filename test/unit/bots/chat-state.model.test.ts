import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { checkedInvariants, mutationOf } from "../../mutations/table.ts";
import { INVARIANTS } from "../../support/bots/model/invariants.ts";
import { play } from "../../support/bots/model/play.ts";
import type { World } from "../../support/bots/model/world.ts";
import { RUNS } from "../../support/runs.ts";

// The platform computes digests in another thread, whose end no virtual clock can order.
const sha256 = (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex");
vi.mock("../../../src/storage/digest.ts", () => ({ sha256: async (data: string) => sha256(data) }));
vi.mock("../../../src/webhooks/ingest/job-ids.ts", () => ({
  jobIdOf: async (...named: unknown[]) => `req_${sha256(JSON.stringify(named)).slice(0, 26)}`,
}));

const mutation = mutationOf(process.env);
const invariants = checkedInvariants(INVARIANTS, mutation);
const tapes = fc.array(fc.nat(0xffff), { minLength: 20, maxLength: 160, size: "max" });

const met = (what: string) => (world: World) => world.met.has(what);

/** What random histories must get to, or the invariants say little. */
const REACHED: Readonly<Record<string, (world: World) => boolean>> = {
  "answer after three deaths": ({ kills, charged }) => kills >= 3 && charged > 0,
  "process that died before it called the platform": met("platform dies before"),
  "process that died behind a call of the platform": met("platform dies behind"),
  "reply of the platform that was lost": met("platform loses its reply"),
  "platform that asked for quiet": met("platform is limited"),
  "process that died at a job": met("job dies behind"),
  "process that died at a store": met("store dies behind"),
  "album that was answered": ({ messages, charged }) => charged > 0 && messages.some(({ album }) => album !== null),
  "chat that was forgotten": ({ isForgotten }) => isForgotten,
  "chat that used what it may": ({ shown }) => [...shown.values()].some(({ text }) => text.includes("tomorrow")),
};
const LEAST_PERMILLE = 2;

test(`chats in ${RUNS} random histories keep every invariant`, async () => {
  const reached = new Map<string, number>();
  const kept = fc.asyncProperty(tapes, async (tape) => {
    const world = await play(tape);
    for (const name of invariants) {
      const fault = INVARIANTS[name](world);
      if (fault !== null) throw new Error(`a message to a bot ${name}: ${fault}`);
    }
    for (const [what, isReached] of Object.entries(REACHED)) {
      if (isReached(world)) reached.set(what, (reached.get(what) ?? 0) + 1);
    }
  });
  await fc.assert(kept, { numRuns: RUNS, endOnFailure: mutation !== null });
  for (const what of Object.keys(REACHED)) {
    expect((1000 * (reached.get(what) ?? 0)) / RUNS, `of a thousand: ${what}`).toBeGreaterThan(LEAST_PERMILLE);
  }
}, 300_000);
