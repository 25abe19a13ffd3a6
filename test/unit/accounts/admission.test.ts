import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { PLANS } from "../../../schemas/plans.ts";
import type { AdmitCall } from "../../../src/accounts/calls.ts";
import { admitCall, NOON, newKey, settleCall, TestAccount } from "../../support/accounts/account.ts";

const repeatable = { key: "k", fingerprint: "f" };

test("what is admitted reserves the most that it may cost, until its time to settle is over", async () => {
  const account = await TestAccount.open({ money: 100_000_000 });
  expect(await account.state.admit(admitCall("r1"))).toEqual({
    outcome: "admitted",
    keyId: "key_live",
    mode: "live",
    available: 100_000_000,
    most: 79_000_000,
    quotas: [
      { name: "minute", limit: 600, window: 60, remaining: 599, reset: 60 },
      { name: "day", limit: 50_000, window: 86_400, remaining: 49_999, reset: 43_200 },
    ],
    keepSeconds: LIMITS.resultSeconds,
    disabledWebhooks: [],
  });
  expect(await account.state.balance()).toMatchObject({ available: 21_000_000, reserved: 79_000_000 });
  expect(await account.state.admit(admitCall("r2"))).toEqual({ outcome: "no_money", available: 21_000_000 });
  // The alarm has not rung, and what is over counts no longer.
  account.now = NOON + 90_000;
  expect(await account.state.admit(admitCall("r3"))).toMatchObject({ outcome: "admitted", available: 100_000_000 });
});

test("a test key and a payment reserve nothing", async () => {
  const account = await TestAccount.open({ money: 0 });
  const test = { key: "test", scope: "recognize" } as const;
  expect(await account.state.admit(admitCall("r1", { credential: test }))).toMatchObject({ mode: "test", most: 0 });
  const payment = admitCall("r2", { credential: { payment: true } });
  expect(await account.state.admit(payment)).toMatchObject({ keyId: null, most: 79_000_000, available: null });
  expect(await account.state.balance()).toMatchObject({ available: 0, reserved: 0 });
});

test("a key that is unknown, revoked, over or without the scope opens nothing", async () => {
  const account = await TestAccount.open();
  await account.state.createKey(newKey("old", { expiresAt: NOON }));
  await account.state.createKey(newKey("narrow", { scopes: ["stages"] }));
  await account.state.createKey(newKey("gone"));
  await account.state.revokeKey("key_gone");
  const outcomes = ["nobody", "old", "narrow", "gone"].map((key) =>
    account.state.admit(admitCall(key, { credential: { key, scope: "recognize" } })),
  );
  expect(await Promise.all(outcomes)).toEqual([
    { outcome: "unknown_key" },
    { outcome: "expired_key", at: NOON },
    { outcome: "wrong_scope", needed: "recognize", has: ["stages"] },
    { outcome: "revoked_key", at: NOON },
  ]);
});

test("a plan bounds the body, the entities, the requests at a time and those of each window", async () => {
  const account = await TestAccount.open({ plan: "starter", money: 100_000_000_000 });
  const { bodyBytes, entities, concurrentRequests, minuteRequests } = PLANS.starter;
  const admit = (fields: Partial<AdmitCall>, id = "x") => account.state.admit(admitCall(id, { ...fields }));
  const plan = "starter";
  expect(await admit({ bodyBytes: bodyBytes + 1 })).toEqual({ outcome: "body_too_large", plan, limit: bodyBytes });
  expect(await admit({ entities: entities + 1 })).toEqual({ outcome: "too_many_entities", plan, limit: entities });
  const ids = Array.from({ length: concurrentRequests }, (_, index) => `r${index}`);
  for (const id of ids) expect(await admit({}, id)).toMatchObject({ outcome: "admitted" });
  expect(await admit({})).toMatchObject({ outcome: "too_many_at_once", plan, limit: concurrentRequests });
  for (const id of ids) await account.state.release(id);
  for (let used = concurrentRequests; used < minuteRequests; used++) {
    expect(await admit({}, `s${used}`)).toMatchObject({ outcome: "admitted" });
    await account.state.release(`s${used}`);
  }
  // What was refused does not count.
  account.now += 59_000;
  const refused = await admit({});
  expect(refused).toMatchObject({ outcome: "over_quota", plan, name: "minute" });
  expect(refused).toMatchObject({ quotas: [{ remaining: 0, reset: 1 }, { remaining: 2_000 - minuteRequests }] });
  account.now += 1_000;
  expect(await admit({}, "next")).toMatchObject({ quotas: [{ remaining: minuteRequests - 1 }, {}] });
});

test("a repeat waits while the first runs, gets its end, and is refused with another body", async () => {
  const account = await TestAccount.open();
  const again = (fields: Partial<AdmitCall> = {}) => account.state.admit(admitCall("r2", { repeatable, ...fields }));
  await account.state.admit(admitCall("r1", { repeatable }));
  expect(await again()).toEqual({ outcome: "in_flight", requestId: "r1", retryAfterMs: 2_000 });
  const other = { key: "k", fingerprint: "other" };
  expect(await again({ repeatable: other })).toEqual({ outcome: "key_reused", requestId: "r1" });
  const kept = { status: 200, contentType: "application/json" };
  await account.state.settle(settleCall("r1", { kept }));
  const first = { requestId: "r1", amount: 7_000_000, units: { calls: 1, entities: 1, masks: 1 } };
  expect(await again()).toEqual({ outcome: "answered", first, kept });
  // Neither another operation nor a test key shares the key. A repeat takes no quota.
  const last = await again({ operation: "mner", credential: { key: "test", scope: null } });
  expect(last).toMatchObject({ outcome: "admitted", quotas: [{ remaining: 598 }, {}] });
});
