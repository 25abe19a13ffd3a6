import fc from "fast-check";
import { expect, test } from "vitest";
import type { Transfer } from "../../../src/accounts/calls.ts";
import { admitCall, NOON, settleCall, TestAccount } from "../../support/accounts/account.ts";

const transfers = fc.array(
  fc.record({
    kind: fc.constantFrom<Transfer["kind"]>("topup", "credit", "refund", "dispute", "dispute_won"),
    reference: fc.constantFrom("a", "b"),
    amount: fc.integer({ min: 1, max: 900_000 * 1e9 }),
  }),
  { maxLength: 12 },
);

test("transfers count once in any order, and what a refund cannot take is owed", async () => {
  await fc.assert(
    fc.asyncProperty(transfers, async (sent) => {
      const account = await TestAccount.open({ money: 0 });
      const counted = new Map<string, number>();
      for (const transfer of sent) {
        const name = `${transfer.kind} ${transfer.reference}`;
        const { booked, available, owed } = await account.state.transfer(transfer);
        expect(booked).toBe(!counted.has(name));
        const isDebit = transfer.kind === "refund" || transfer.kind === "dispute";
        if (booked) counted.set(name, isDebit ? -transfer.amount : transfer.amount);
        const sum = [...counted.values()].reduce((total, amount) => total + amount, 0);
        expect({ available, owed }).toEqual({ available: Math.max(0, sum), owed: Math.max(0, -sum) });
        const [entries] = account.database.all<{ sum: number }>("SELECT sum(amount) AS sum FROM entries");
        expect(entries?.sum).toBe(available);
      }
    }),
    { numRuns: 60 },
  );
});

test("a refund leaves what is reserved, and is paid from what becomes free", async () => {
  const account = await TestAccount.open({ money: 80_000_000 });
  await account.state.admit(admitCall("r1"));
  const refund = { kind: "refund", reference: "p1", amount: 80_000_000 } as const;
  expect(await account.state.transfer(refund)).toEqual({
    booked: true,
    before: null,
    available: 0,
    owed: 79_000_000,
  });
  expect(await account.state.settle(settleCall("r1"))).toEqual({ amount: 7_000_000, available: 0 });
  expect(await account.state.balance()).toMatchObject({ available: 0, reserved: 0, owed: 7_000_000 });
  await account.state.transfer({ kind: "topup", reference: "p2", amount: 10_000_000 });
  expect(await account.state.balance()).toMatchObject({ available: 3_000_000, owed: 0 });
});

test("old charges become one entry a day, key and operation, and other entries keep their references", async () => {
  const account = await TestAccount.open();
  for (let request = 0; request < 6; request++) {
    account.now = NOON + request * 12 * 60 * 60 * 1000;
    const [id, operation] = [`r${request}`, request % 2 === 0 ? "recognize" : "mner"] as const;
    await account.state.admit(admitCall(id, { operation, deadline: account.now + 30_000 }));
    await account.state.settle(settleCall(id, { cost: request === 0 ? null : 5 }));
  }
  const query = { from: null, to: null, keyId: null, operation: null, cursor: null, limit: 100 };
  const [before, usage] = [await account.state.balance(), await account.state.usage(query)];
  await account.passUntil(NOON + 50 * 24 * 60 * 60 * 1000);
  expect(await account.state.balance()).toEqual(before);
  expect(await account.state.usage(query)).toEqual(usage);
  const kinds = account.database.all("SELECT kind, reference FROM entries WHERE kind <> 'charges'");
  expect(kinds).toMatchObject([{ kind: "credit", reference: "first" }]);
  const [sums] = account.database.all("SELECT count(*) AS lines, sum(requests) AS requests FROM entries");
  expect(sums).toMatchObject({ lines: 1 + usage.lines.length, requests: 6 });
});
