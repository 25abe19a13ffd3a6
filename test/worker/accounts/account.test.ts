import { abortAllDurableObjects, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { PLANS } from "../../../schemas/plans.ts";
import { accountsOf } from "../../../src/accounts/accounts.ts";
import type { AdmitCall, NewKey } from "../../../src/accounts/calls.ts";

const KEY: NewKey = {
  hash: "0123",
  id: "key_live",
  lastFour: "0a1b",
  name: "live",
  mode: "live",
  scopes: ["recognize"],
  expiresAt: null,
};
const UNITS = { calls: 1, entities: 0, masks: 0 };
const KEPT = { status: 200, contentType: "application/json" };

/** The account with a key and 1,000 times the most of a request. */
async function open(name: string) {
  const account = env.ACCOUNTS.getByName(name);
  await account.create("starter");
  await account.createKey(KEY);
  await account.transfer({ kind: "credit", reference: "first", amount: 1_000_000 });
  return account;
}

function admitCall(requestId: string, fields: Partial<AdmitCall> = {}): AdmitCall {
  const credential = { key: KEY.hash, scope: "recognize" } as const;
  const deadline = Date.now() + LIMITS.deadlineMs;
  const size = { bodyBytes: 1, entities: 1 };
  return { credential, requestId, operation: "recognize", most: 1_000, deadline, ...size, repeatable: null, ...fields };
}

test("of many requests at once, as many run as the plan allows, and each is charged once", async () => {
  const account = await open("parallel");
  const ids = Array.from({ length: 30 }, (_, index) => `r${index}`);
  const admissions = await Promise.all(ids.map((id) => account.admit(admitCall(id))));
  const admitted = ids.filter((_, index) => admissions[index]?.outcome === "admitted");
  expect(admitted).toHaveLength(PLANS.starter.concurrentRequests);
  const settle = (requestId: string) =>
    account.settle({ requestId, amount: 300, units: UNITS, cost: null, kept: null, left: [`masks/${requestId}`] });
  await Promise.all([...ids, ...ids].map(settle));
  const spent = 300 * PLANS.starter.concurrentRequests;
  expect(await account.balance()).toMatchObject({
    plan: "starter",
    available: 1_000_000 - spent,
    reserved: 0,
    owed: 0,
  });
});

test("of many repeats at once, one runs", async () => {
  const account = await open("repeated");
  const repeatable = { key: "k", fingerprint: "f" };
  const ids = Array.from({ length: 20 }, (_, index) => `r${index}`);
  const outcomes = await Promise.all(
    ids.map(async (id) => (await account.admit(admitCall(id, { repeatable }))).outcome),
  );
  expect(outcomes.filter((outcome) => outcome === "admitted")).toHaveLength(1);
  expect(outcomes.filter((outcome) => outcome === "in_flight")).toHaveLength(19);
});

test("an account survives its eviction, and its alarm settles what was lost from the kept answer", async () => {
  const repeatable = { key: "k", fingerprint: "f" };
  const over = Date.now() - LIMITS.settleSeconds * 1000 - 1;
  const account = await open("evicted");
  await account.admit(admitCall("r1", { repeatable }));
  await account.admit(admitCall("r2"));
  const facts = JSON.stringify({ amount: 400, units: UNITS, cost: 7, kept: KEPT });
  await env.MASKS.put("answers/evicted/r1", "the answer", { customMetadata: { facts } });
  // Both requests have been over for as long as their settlement may take.
  await runInDurableObject(account, (_, { storage }) =>
    storage.sql.exec("UPDATE reservations SET until = ?", over).next(),
  );
  await abortAllDurableObjects();
  const again = env.ACCOUNTS.getByName("evicted");
  expect(await runDurableObjectAlarm(again)).toBe(true);
  expect(await again.balance()).toMatchObject({ available: 999_600, reserved: 0 });
  const first = { requestId: "r1", amount: 400, units: UNITS };
  expect(await again.admit(admitCall("r3", { repeatable }))).toEqual({ outcome: "answered", first, kept: KEPT });
  const query = { from: null, to: null, keyId: null, operation: null, cursor: null, limit: 10 };
  expect((await again.usage(query)).lines).toMatchObject([{ keyId: "key_live", requests: 1, amount: 400, cost: 7 }]);
  // The next thing to do is to delete the kept answer.
  const alarm = await runInDurableObject(again, (_, { storage }) => storage.getAlarm());
  expect(alarm).toBeGreaterThan(Date.now() + (LIMITS.idempotencySeconds - 60) * 1000);
});

test("an account is reached again by the same object after its Durable Object was reset", async () => {
  const account = accountsOf(env.ACCOUNTS).at("reset");
  await account.create("starter");
  await abortAllDurableObjects();
  await account.exists().catch(() => undefined);
  expect(await account.exists()).toBe(true);
});

test("an account that was not created, or was deleted, stores nothing", async () => {
  const account = await open("deleted");
  await account.admit(admitCall("r1"));
  await account.deleteAccount();
  for (const stub of [account, env.ACCOUNTS.getByName("nobody")]) {
    expect(await stub.admit(admitCall("r2"))).toEqual({ outcome: "unknown_key" });
    const stored = await runInDurableObject(stub, async (_, { storage }) => [
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf%' ESCAPE '\\'").toArray(),
      await storage.getAlarm(),
    ]);
    expect(stored).toEqual([[], null]);
  }
});
