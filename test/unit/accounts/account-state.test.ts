import { expect, test } from "vitest";
import { DEFAULT_PLAN } from "../../../schemas/plans.ts";
import { admitCall, NOON, newKey, settleCall, TestAccount } from "../../support/accounts/account.ts";

const OVER = NOON + 90_000;
/** The balance of an account without money. */
const NOTHING = { available: 0, reserved: 0, owed: 0, disabledWebhooks: [] };

test("an account that was not created has nothing and stores nothing", async () => {
  const { state, database } = new TestAccount();
  expect(await state.admit(admitCall("r1"))).toEqual({ outcome: "unknown_key" });
  expect(await state.authenticate("live", null)).toEqual({ outcome: "unknown_key" });
  expect(await state.settle(settleCall("r1"))).toEqual({ amount: 0, available: 0 });
  await state.release("r1");
  const topup = { kind: "topup", reference: "t", amount: 1 } as const;
  expect(await state.transfer(topup)).toEqual({ booked: false, before: null, available: 0, owed: 0 });
  expect(await state.balance()).toEqual({ plan: DEFAULT_PLAN, ...NOTHING });
  expect(await state.listKeys()).toEqual([]);
  expect(await state.revokeKey("key_live")).toBeNull();
  expect(await state.lookUp({ key: "k", fingerprint: "f" })).toBeNull();
  await state.forgetRequest("r1");
  expect(await state.leftBy("r1")).toEqual([]);
  await state.alarm();
  await expect(state.createKey(newKey("live"))).rejects.toThrow("does not exist");
  expect(await state.exists()).toBe(false);
  expect(database.all("SELECT name FROM sqlite_master")).toEqual([]);
});

test("an account is created once, and by the first payment that comes with a request", async () => {
  const account = await TestAccount.open({ plan: "large" });
  expect(await account.state.create("starter")).toBe(false);
  account.evict();
  expect(await account.state.balance()).toMatchObject({ plan: "large", available: 1_000_000_000 });
  const payer = new TestAccount("x402-0xabc");
  expect(await payer.state.admit(admitCall("r1", { credential: { payment: true } }))).toMatchObject({
    outcome: "admitted",
    keyId: null,
    available: null,
    most: 79_000_000,
  });
  expect(await payer.state.exists()).toBe(true);
});

test("a deleted account is as one that was never created, and may be created again", async () => {
  const account = await TestAccount.open();
  await account.state.admit(admitCall("r1"));
  await account.state.deleteAccount();
  expect(account.alarmAt).toBeNull();
  expect(await account.state.admit(admitCall("r2"))).toEqual({ outcome: "unknown_key" });
  expect(await account.state.create("starter")).toBe(true);
  expect(await account.state.balance()).toEqual({ plan: "starter", ...NOTHING });
});

test("one alarm is set for many requests, and again after an eviction that lost it", async () => {
  const account = await TestAccount.open();
  for (let request = 0; request < 5; request++) await account.state.admit(admitCall(`r${request}`));
  expect([account.alarmAt, account.alarmsSet]).toEqual([OVER, 1]);
  account.evict();
  await account.state.admit(admitCall("r5"));
  expect(account.alarmsSet).toBe(1);
  account.alarmAt = null;
  account.evict();
  await account.state.admit(admitCall("r6", { deadline: NOON + 40_000 }));
  expect(account.alarmAt).toBe(NOON + 100_000);
  await account.passUntil(NOON + 100_000);
  expect(await account.state.balance()).toMatchObject({ available: 1_000_000_000, reserved: 0 });
  expect(account.database.all("SELECT * FROM reservations")).toEqual([]);
});

test("a lost settlement is made from the answer that was kept, by the alarm or by a repeat", async () => {
  const repeatable = { key: "k", fingerprint: "f" };
  const kept = { status: 200, contentType: "application/json" };
  const facts = JSON.stringify({ amount: 7_000_000, units: { calls: 1, entities: 1, masks: 1 }, cost: null, kept });
  for (const by of ["alarm", "repeat"]) {
    const account = await TestAccount.open();
    await account.state.admit(admitCall("r1", { repeatable }));
    account.bucket.objects.set("answers/newsroom/r1", { bytes: new Uint8Array(3), customMetadata: { facts } });
    if (by === "alarm") await account.passUntil(OVER);
    else account.now = OVER;
    const again = await account.state.admit(admitCall("r2", { repeatable, deadline: OVER + 30_000 }));
    const first = { requestId: "r1", amount: 7_000_000, units: { calls: 1, entities: 1, masks: 1 } };
    expect(again).toEqual({ outcome: "answered", first, kept });
    expect(await account.state.balance()).toMatchObject({ available: 993_000_000, reserved: 0 });
    // The settlement itself comes late: it charges nothing more, and says what the request left.
    expect(await account.state.settle(settleCall("r1", { left: ["masks/newsroom/a"] }))).toMatchObject({
      amount: 7_000_000,
      available: 993_000_000,
    });
    expect(await account.state.leftBy("r1")).toEqual(["masks/newsroom/a", "answers/newsroom/r1"]);
  }
});

test("while R2 fails, a repeat waits, the alarm rings again, and nothing is settled or run twice", async () => {
  const repeatable = { key: "k", fingerprint: "f" };
  const account = await TestAccount.open();
  await account.state.admit(admitCall("r1", { repeatable }));
  account.bucket.before = async () => {
    throw new Error("R2 is away");
  };
  await account.passUntil(OVER);
  expect(account.lines).toMatchObject([{ event: "account_upkeep_failed", error: "Error" }]);
  const again = () => account.state.admit(admitCall("r2", { repeatable, deadline: OVER + 30_000 }));
  expect(await again()).toEqual({ outcome: "in_flight", requestId: "r1", retryAfterMs: 1_000 });
  account.bucket.before = async () => {};
  await account.passUntil(OVER + 60_000);
  expect(await again()).toMatchObject({ outcome: "admitted" });
});
