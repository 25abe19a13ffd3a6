import { expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { admitCall, NOON, settleCall, TestAccount } from "../../support/accounts/account.ts";

const kept = { status: 200, contentType: "application/json" };
const repeatable = { key: "k", fingerprint: "f" };

test("a request's names are those that no other remembered request left, and its kept answer", async () => {
  const account = await TestAccount.open();
  await account.state.admit(admitCall("r1", { repeatable }));
  await account.state.admit(admitCall("r2"));
  expect(await account.state.leftBy("r1")).toBeNull();
  await account.state.settle(settleCall("r1", { kept, left: ["masks/own", "masks/both", "masks/own"] }));
  await account.state.settle(settleCall("r2", { left: ["masks/both"] }));
  expect(await account.state.leftBy("r1")).toEqual(["masks/own", "answers/newsroom/r1"]);
  await account.state.forgetRequest("r1");
  expect(await account.state.leftBy("r1")).toEqual([]);
  expect(await account.state.leftBy("r2")).toEqual(["masks/both"]);
  const again = await account.state.admit(admitCall("r3", { repeatable }));
  expect(again).toMatchObject({ outcome: "answered", first: { requestId: "r1", amount: 7_000_000 }, kept: null });
  // A settlement that comes again does not bring back what was deleted.
  await account.state.settle(settleCall("r1", { kept, left: ["masks/own"] }));
  expect(await account.state.leftBy("r1")).toEqual([]);
});

test("keys, answers and records of requests are deleted in their time", async () => {
  const account = await TestAccount.open();
  await account.state.admit(admitCall("r1", { repeatable }));
  account.bucket.objects.set("answers/newsroom/r1", { bytes: new Uint8Array(1), customMetadata: {} });
  await account.state.settle(settleCall("r1", { kept, left: ["masks/own"] }));
  const rows = () =>
    ["repeatables", "answers", "requests", "left_names"].map(
      (table) => account.database.all(`SELECT 1 FROM ${table}`).length,
    );
  await account.passUntil(NOON + LIMITS.idempotencySeconds * 1000 - 1);
  expect([...rows(), account.bucket.objects.size]).toEqual([1, 1, 1, 1, 1]);
  await account.passUntil(NOON + LIMITS.idempotencySeconds * 1000);
  expect([...rows(), account.bucket.objects.size]).toEqual([0, 0, 1, 1, 0]);
  await account.passUntil(NOON + LIMITS.requestRecordSeconds * 1000);
  expect(rows()).toEqual([0, 0, 0, 0]);
});
