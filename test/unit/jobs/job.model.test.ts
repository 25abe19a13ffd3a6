import { createHash } from "node:crypto";
import fc from "fast-check";
import { expect, test, vi } from "vitest";
import { tapes } from "../../support/accounts/model/tape.ts";
import { INVARIANTS, type JobInvariant } from "../../support/jobs/model/invariants.ts";
import { play } from "../../support/jobs/model/play.ts";
import { RUNS } from "../../support/runs.ts";
import { useQuickHmac } from "../../support/webhooks/quick-hmac.ts";

// The platform computes digests in another thread, whose end no virtual clock can order.
vi.mock("../../../src/storage/digest.ts", () => ({
  sha256: async (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex"),
}));

useQuickHmac();

test(`jobs in ${RUNS} random histories keep every invariant`, async () => {
  const kept = fc.asyncProperty(tapes, async (tape) => {
    const world = await play(tape);
    for (const name of Object.keys(INVARIANTS) as JobInvariant[]) {
      const fault = INVARIANTS[name](world);
      if (fault !== null) throw new Error(`a job ${name}: ${fault}`);
    }
  });
  await fc.assert(kept, { numRuns: RUNS, endOnFailure: Boolean(process.env.QUICK) });
  expect(RUNS).toBeGreaterThan(0);
}, 900_000);
