import fc from "fast-check";
import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { PLANS } from "../../../schemas/plans.ts";
import type { Admission, Credential } from "../../../src/accounts/calls.ts";
import { dayOf } from "../../../src/accounts/ledger.ts";
import { admitCall, NOON, settleCall, TestAccount } from "../../support/accounts/account.ts";

const MOST = 10_000_000;
const MONEY = 1_000_000_000;
const SETTLE_MS = LIMITS.jobSettleSeconds * 1000;
const MINUTE_MS = 60_000;

/** Who asks for each request, and what its admission says. */
interface Asker {
  readonly credential: Credential;
  readonly keyId: string | null;
  readonly mode: string;
  readonly most: number;
}
const LIVE: Asker = {
  credential: { key: "live", scope: "recognize" },
  keyId: "key_live",
  mode: "live",
  most: MOST,
};
const ASKERS: Readonly<Record<string, Asker>> = {
  live: LIVE,
  test: { credential: { key: "test", scope: null }, keyId: "key_test", mode: "test", most: 0 },
  source: { credential: { source: "src_1" }, keyId: "source:src_1", mode: "live", most: MOST },
  payment: { credential: { payment: true }, keyId: null, mode: "live", most: MOST },
};
const IDS = Object.keys(ASKERS);

const steps = fc.array(
  fc.record({
    id: fc.constantFrom(...IDS),
    does: fc.constantFrom("admit", "admit", "admit", "settle", "release", "evict", "wait"),
    minutes: fc.constantFrom(1, 15, 70),
  }),
  { maxLength: 40 },
);

/** What became of a request, as a few lines say it. */
type State = { readonly open: number } | "settled" | "free";

test("a request that is asked for again is admitted once, until it was settled; once released it is a new one", async () => {
  await fc.assert(
    fc.asyncProperty(steps, async (tape) => {
      const account = await TestAccount.open({ plan: "large", money: MONEY });
      const states = new Map<string, State>();
      let counted = 0;
      let day = dayOf(account.now);
      let spent = 0;
      const isOpen = (id: string) => {
        const state = states.get(id);
        return typeof state === "object" && state.open > account.now;
      };
      for (const { id, does, minutes } of tape) {
        const { credential, keyId, mode, most } = ASKERS[id] ?? LIVE;
        const held = (one: string) => (isOpen(one) && one !== "payment" ? (ASKERS[one]?.most ?? 0) : 0);
        if (does === "evict") account.evict();
        if (does === "wait") await account.passUntil(account.now + minutes * MINUTE_MS);
        if (does === "release") {
          await account.state.release(id);
          if (states.get(id) !== "settled") states.set(id, "free");
        }
        if (does === "settle" && isOpen(id)) {
          const { amount } = await account.state.settle(settleCall(id, { amount: MOST }));
          states.set(id, "settled");
          expect(amount).toBe(most);
          if (id !== "payment") spent += amount;
        }
        if (does === "admit") {
          const deadline = account.now + 15 * MINUTE_MS;
          const call = admitCall(id, { credential, most: MOST, deadline, settleMs: SETTLE_MS });
          const admission = await account.state.admit(call);
          if (states.get(id) === "settled") {
            expect(admission).toEqual({
              outcome: "ended",
              first: { requestId: id, amount: most, units: settleCall(id).units },
            });
          } else {
            if (day !== dayOf(account.now)) [counted, day] = [0, dayOf(account.now)];
            if (!isOpen(id)) {
              states.set(id, { open: deadline + SETTLE_MS });
              counted++;
            }
            const others = IDS.filter((one) => one !== id).reduce((sum, one) => sum + held(one), 0);
            expect(admission).toMatchObject({
              outcome: "admitted",
              keyId,
              mode,
              most,
              available: id === "payment" ? null : MONEY - spent - others,
              quotas: [{}, { remaining: PLANS.large.dayRequests - counted }],
            });
          }
        }
        const reserved = IDS.reduce((sum, one) => sum + held(one), 0);
        expect(await account.state.balance()).toMatchObject({ reserved, available: MONEY - spent - reserved });
      }
    }),
    { numRuns: 150 },
  );
});

test("the reservation of a job waits for its settlement as long as the job asks for, and so does its Idempotency-Key", async () => {
  const account = await TestAccount.open();
  const repeatable = { key: "k", fingerprint: "f" };
  const deadline = NOON + LIMITS.jobDeadlineMs;
  const job = admitCall("job", { repeatable, deadline, settleMs: SETTLE_MS });
  const again = () => account.state.admit({ ...job, requestId: "again", deadline: account.now + 1_000 });
  await account.state.admit(job);
  await account.passUntil(deadline + SETTLE_MS - 1);
  expect(await again()).toMatchObject({ outcome: "in_flight", requestId: "job" });
  expect((await account.state.admit(job)).outcome).toBe("admitted");
  const settledAt = account.now;
  await account.state.settle(settleCall("job", { kept: null }));
  await account.passUntil(settledAt + LIMITS.idempotencySeconds * 1000 - 1);
  // What the job delivered is not kept by the account: the job itself has it.
  expect(await again()).toMatchObject({ outcome: "answered", first: { requestId: "job" }, kept: null });
  await account.passUntil(settledAt + LIMITS.idempotencySeconds * 1000);
  expect(await again()).toMatchObject({ outcome: "admitted" });
});

test("while it is not known how a request that is over ended, it is asked for again later", async () => {
  const account = await TestAccount.open();
  const outcomes: Admission["outcome"][] = [];
  const ask = async () => outcomes.push((await account.state.admit(admitCall("r1"))).outcome);
  await ask();
  account.now = NOON + 90_000;
  account.bucket.before = async () => {
    throw new Error("R2 is away");
  };
  await ask();
  account.bucket.before = async () => {};
  await ask();
  expect(outcomes).toEqual(["admitted", "in_flight", "admitted"]);
  // Nothing was delivered in the first place, so that nothing was charged.
  expect(await account.state.balance()).toMatchObject({ available: 1_000_000_000 - admitCall("r1").most });
});

test("an account that was not created admits no source", async () => {
  const credential = { source: "src_1" } as const;
  expect(await new TestAccount().state.admit(admitCall("r1", { credential }))).toEqual({ outcome: "unknown_key" });
});
