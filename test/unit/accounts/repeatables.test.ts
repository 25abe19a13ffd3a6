import { expect, test } from "vitest";
import { findFirst, forgetRepeatable, keepRepeatable, writeRepeatable } from "../../../src/accounts/repeatables.ts";
import { admitCall, NOON, settleCall, TestAccount } from "../../support/accounts/account.ts";

const paid = { key: "nonce", alias: "id", fingerprint: "f" };

test("a request is found by its key and by its alias, in its space, until its time is over", async () => {
  const { state, database } = await TestAccount.open();
  await state.admit(admitCall("r1", { credential: { payment: true }, repeatable: paid }));
  await state.settle(settleCall("r1"));
  keepRepeatable(database, "r1", NOON + 10);
  const find = (asked: object, now = NOON, space = "payment") =>
    findFirst(database, space, { ...paid, ...asked }, now)?.outcome ?? null;
  expect(find({})).toBe("answered");
  expect(find({ alias: "other" })).toBe("answered");
  expect(find({ key: "other", fingerprint: "g" })).toBe("key_reused");
  expect([find({ key: "x", alias: "y" }), find({}, NOON, "live mner"), find({}, NOON + 10)]).toEqual([
    null,
    null,
    null,
  ]);
  // What is too old is replaced, and what was forgotten is gone.
  writeRepeatable(database, "payment", paid, "r2");
  keepRepeatable(database, "r2", NOON + 20);
  expect(database.all("SELECT request_id FROM repeatables")).toMatchObject([{ request_id: "r2" }]);
  forgetRepeatable(database, "r2");
  expect(find({})).toBeNull();
});
