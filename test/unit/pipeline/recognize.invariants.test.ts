import { createHash } from "node:crypto";
import fc from "fast-check";
import { test, vi } from "vitest";
import { mutationOf } from "../../mutations/table.ts";
import { INVARIANTS, type Invariant } from "../../support/request/invariants.ts";
import { observe } from "../../support/request/observe.ts";
import { calm, stormy } from "../../support/request/scenario.ts";
import { RUNS } from "../../support/runs.ts";

// The platform computes digests in another thread, whose end no virtual clock can order.
vi.mock("../../../src/storage/digest.ts", () => ({
  sha256: async (data: string | Uint8Array) => createHash("sha256").update(data).digest("hex"),
}));

/** With a mutation, only the invariant that it breaks is checked, and the first counterexample is enough. */
const mutation = mutationOf(process.env);
const invariants = mutation ? [mutation.invariant] : (Object.keys(INVARIANTS) as Invariant[]);

test(`${RUNS} random requests keep every invariant`, async () => {
  const kept = fc.asyncProperty(fc.oneof({ weight: 4, arbitrary: stormy }, calm), async (scenario) => {
    const observation = await observe(scenario);
    for (const name of invariants) {
      const fault = INVARIANTS[name](observation);
      if (fault !== null) throw new Error(`a request ${name}: ${fault}`);
    }
  });
  await fc.assert(kept, { numRuns: RUNS, endOnFailure: mutation !== null });
}, 1_200_000);
