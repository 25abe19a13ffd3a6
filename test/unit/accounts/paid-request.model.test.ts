import fc from "fast-check";
import { expect, test } from "vitest";
import { INVARIANTS } from "../../support/accounts/model/invariants.ts";
import type { Observation } from "../../support/accounts/model/observation.ts";
import { play } from "../../support/accounts/model/play.ts";
import { tapes } from "../../support/accounts/model/tape.ts";

const RUNS = Number(process.env.N ?? 2000);
test(`${RUNS} worlds`, async () => {
  const started = Date.now();
  let sizes = [0,0,0,0];
  const kept = fc.asyncProperty(tapes, async (tape) => {
    const o: Observation = await play(tape);
    for (const [name, check] of Object.entries(INVARIANTS)) {
      const fault = check(o);
      if (fault !== null) throw new Error(`a paid request ${name}: ${fault}`);
    }
    sizes[0]! += o.requests.length; sizes[1]! += o.requests.filter(r => r.run).length; sizes[2]! += o.charges.size; sizes[3]! += o.replays.length;
  });
  await fc.assert(kept, { numRuns: RUNS });
  console.log(Date.now() - started, "ms", sizes);
  expect(1).toBe(1);
}, 600_000);
