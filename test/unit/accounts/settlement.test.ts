import { expect, test } from "vitest";
import { admitCall, NOON, settleCall, TestAccount } from "../../support/accounts/account.ts";

const kept = { status: 200, contentType: "application/json" };

test("a request is charged once, at most what was reserved, and nothing after its release", async () => {
  const account = await TestAccount.open({ money: 100_000_000 });
  for (const id of ["r1", "r2"]) await account.state.admit(admitCall(id, { most: 10_000_000 }));
  expect(await account.state.settle(settleCall("r1", { amount: 12_000_000 }))).toEqual({
    amount: 10_000_000,
    available: 80_000_000,
  });
  expect(await account.state.settle(settleCall("r1", { amount: 1 }))).toMatchObject({ amount: 10_000_000 });
  await account.state.release("r1");
  await account.state.release("r2");
  expect(await account.state.settle(settleCall("r2"))).toEqual({ amount: 0, available: 90_000_000 });
  // What it left can be deleted all the same.
  expect(await account.state.settle(settleCall("r2", { left: ["masks/a"] }))).toMatchObject({ amount: 0 });
  expect(await account.state.leftBy("r2")).toEqual(["masks/a"]);
});

test("a late settlement takes no money that was reserved for others meanwhile", async () => {
  const account = await TestAccount.open({ money: 10_000_000 });
  await account.state.admit(admitCall("r1", { most: 9_000_000 }));
  account.now = NOON + 90_000;
  await account.state.admit(admitCall("r2", { most: 8_000_000, deadline: account.now + 30_000 }));
  expect(await account.state.settle(settleCall("r1", { amount: 9_000_000 }))).toEqual({
    amount: 2_000_000,
    available: 0,
  });
  expect(await account.state.settle(settleCall("r2", { amount: 8_000_000 }))).toEqual({
    amount: 8_000_000,
    available: 0,
  });
});

test("a payment leaves the balance, and is booked when its doubt ends", async () => {
  const account = await TestAccount.open();
  const repeatable = { key: "nonce", fingerprint: "f", alias: "id" };
  const admit = (id: string, fields: Partial<typeof repeatable> = {}) =>
    account.state.admit(admitCall(id, { credential: { payment: true }, repeatable: { ...repeatable, ...fields } }));
  await admit("r1");
  await account.state.settle(settleCall("r1", { kept, inDoubt: true }));
  const first = { requestId: "r1", amount: 7_000_000, units: { calls: 1, entities: 1, masks: 1 } };
  expect(await account.state.lookUp(repeatable)).toEqual({ outcome: "in_doubt", first, kept });
  expect(await admit("r2", { key: "another", fingerprint: "g" })).toEqual({ outcome: "key_reused", requestId: "r1" });
  const query = { from: null, to: null, keyId: null, operation: null, cursor: null, limit: 10 };
  expect((await account.state.usage(query)).lines).toEqual([]);
  const paid = { ...kept, paymentResponse: "receipt" };
  await account.state.settle(settleCall("r1", { kept: paid, cost: null }));
  expect(await account.state.lookUp(repeatable)).toEqual({ outcome: "answered", first, kept: paid });
  expect((await account.state.usage(query)).lines).toMatchObject([
    { keyId: "payment", requests: 1, amount: 7_000_000, cost: 2_000_000 },
  ]);
  expect(await account.state.balance()).toMatchObject({ available: 1_000_000_000 });
});

test("a payment that was not made in the end may be made again", async () => {
  const account = await TestAccount.open();
  const call = admitCall("r1", { credential: { payment: true }, repeatable: { key: "nonce", fingerprint: "f" } });
  await account.state.admit(call);
  await account.state.settle(settleCall("r1", { kept, inDoubt: true }));
  await account.state.release("r1");
  expect(await account.state.settle(settleCall("r1"))).toMatchObject({ amount: 0 });
  expect(await account.state.admit({ ...call, requestId: "r2" })).toMatchObject({ outcome: "admitted" });
});

test("an amount that is no whole number of nano-dollars is an error, and changes nothing", async () => {
  const account = await TestAccount.open();
  await account.state.admit(admitCall("r1"));
  for (const amount of [-1, 0.5, Number.NaN, 2 ** 53]) {
    await expect(account.state.settle(settleCall("r1", { amount }))).rejects.toThrow(RangeError);
    await expect(account.state.admit(admitCall("r2", { most: amount }))).rejects.toThrow(RangeError);
    const transfer = { kind: "topup", reference: "t", amount } as const;
    await expect(account.state.transfer(transfer)).rejects.toThrow(RangeError);
  }
  expect(await account.state.balance()).toMatchObject({ available: 921_000_000, reserved: 79_000_000 });
});
