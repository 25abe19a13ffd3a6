import { expect, test } from "vitest";
import { nextDue } from "../../../src/accounts/upkeep.ts";
import { admitCall, NOON, settleCall, TestAccount } from "../../support/accounts/account.ts";

const FACTS = { amount: 7_000_000, units: { calls: 1, entities: 1, masks: 1 }, cost: null };

test("what is stored with an answer decides how a lost request ends", async () => {
  const kept = { status: 200, contentType: "application/json" };
  const stored: Record<string, [facts: string | null, charged: boolean]> = {
    kept: [JSON.stringify({ ...FACTS, kept }), true],
    "facts alone": [JSON.stringify({ ...FACTS, kept: null }), true],
    nothing: [null, false],
    "no JSON": ["{", false],
    "no facts": [JSON.stringify({ ...FACTS, amount: -1, kept }), false],
  };
  const account = await TestAccount.open();
  for (const [id, [facts]] of Object.entries(stored)) {
    await account.state.admit(admitCall(id));
    const object = { bytes: new Uint8Array(1), customMetadata: facts === null ? {} : { facts } };
    account.bucket.objects.set(`answers/newsroom/${id}`, object);
  }
  await account.passUntil(NOON + 90_000);
  const charges = account.database.all<{ reference: string }>("SELECT reference FROM entries WHERE kind = 'charge'");
  const charged = Object.entries(stored).flatMap(([id, [, isCharged]]) => (isCharged ? [id] : []));
  expect(charges.map(({ reference }) => reference).sort()).toEqual(charged.sort());
  // An object that only said what to charge is not needed any longer.
  expect([...account.bucket.objects.keys()]).not.toContain("answers/newsroom/facts alone");
  expect([...account.bucket.objects.keys()]).toContain("answers/newsroom/kept");
});

test("a lost payment is in doubt, because nobody knows whether it was made", async () => {
  const account = await TestAccount.open();
  const repeatable = { key: "nonce", fingerprint: "f" };
  await account.state.admit(admitCall("r1", { credential: { payment: true }, repeatable }));
  const kept = { status: 200, contentType: "application/json" };
  const facts = JSON.stringify({ ...FACTS, kept });
  account.bucket.objects.set("answers/newsroom/r1", { bytes: new Uint8Array(1), customMetadata: { facts } });
  await account.passUntil(NOON + 90_000);
  expect(await account.state.lookUp(repeatable)).toMatchObject({ outcome: "in_doubt", kept });
});

test("an account is due when a reservation, a key, a record or a day ends, and else never", async () => {
  const account = await TestAccount.open();
  expect(nextDue(account.database)).toBeNull();
  await account.state.admit(admitCall("r1", { repeatable: { key: "k", fingerprint: "f" } }));
  const dues: Array<number | null> = [nextDue(account.database)];
  await account.state.settle(settleCall("r1"));
  for (let due = nextDue(account.database); due !== null; due = nextDue(account.database)) {
    dues.push(due);
    await account.passUntil(due);
  }
  const day = 24 * 60 * 60 * 1000;
  expect(dues).toEqual([NOON + 90_000, NOON + day, NOON + 30 * day, NOON + 35.5 * day]);
  expect(account.alarmAt).toBeNull();
});
