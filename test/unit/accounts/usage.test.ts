import fc from "fast-check";
import { expect, test } from "vitest";
import { PaidOperation } from "../../../schemas/prices.ts";
import type { UsageLine } from "../../../src/accounts/calls.ts";
import { countUsage, readUsage } from "../../../src/accounts/usage.ts";
import { readCursor, writeCursor } from "../../../src/accounts/usage-cursor.ts";
import { TestAccount } from "../../support/accounts/account.ts";

const charges = fc.array(
  fc.record({
    day: fc.constantFrom("2026-11-24", "2026-11-25", "2026-11-26"),
    keyId: fc.constantFrom("key_a", "key_b", "payment"),
    operation: fc.constantFrom(...PaidOperation.options),
    amount: fc.nat(1_000),
    cost: fc.option(fc.nat(1_000)),
  }),
  { minLength: 1, maxLength: 40 },
);
const ALL = { from: null, to: null, keyId: null, operation: null, cursor: null };

test("pages have every line once, newest day first, also while charges are added", async () => {
  await fc.assert(
    fc.asyncProperty(charges, fc.integer({ min: 1, max: 7 }), async (made, limit) => {
      const { database } = await TestAccount.open();
      const units = { calls: 1, entities: 2, masks: 3 };
      for (const { day, ...charge } of made) countUsage(database, day, { ...charge, requestId: "", units });
      const { lines: expected } = readUsage(database, { ...ALL, limit: 100 });
      const lines: UsageLine[] = [];
      for (let cursor: string | null = null; ; ) {
        const page = readUsage(database, { ...ALL, cursor, limit });
        lines.push(...page.lines);
        cursor = page.cursor;
        if (cursor === null) break;
        countUsage(database, "2026-11-27", {
          requestId: "",
          keyId: "key_a",
          operation: "mner",
          units,
          amount: 1,
          cost: 1,
        });
      }
      expect(lines).toEqual(expected);
      expect(lines.map(({ day }) => day)).toEqual(
        lines
          .map(({ day }) => day)
          .sort()
          .reverse(),
      );
      const sum = (values: readonly (number | null)[]) =>
        values.reduce<number>((total, value) => total + (value ?? 0), 0);
      expect(sum(lines.map(({ amount }) => amount))).toBe(sum(made.map(({ amount }) => amount)));
      expect(sum(lines.map(({ cost }) => cost))).toBe(sum(made.map(({ cost }) => cost)));
      expect(sum(lines.map((line) => line.requestsWithoutCost))).toBe(made.filter(({ cost }) => cost === null).length);
      expect(sum(lines.map((line) => line.units.masks))).toBe(3 * made.length);
      const some = readUsage(database, { ...ALL, from: "2026-11-25", to: "2026-11-25", keyId: "key_a", limit: 100 });
      expect(some.lines).toEqual(expected.filter(({ day, keyId }) => day === "2026-11-25" && keyId === "key_a"));
    }),
    { numRuns: 40 },
  );
});

test("a cursor is opaque, and what is none leads nowhere", async () => {
  const position = ["2026-11-26", "key_a", "mner"] as const;
  expect(writeCursor(position)).toMatch(/^[\w-]+$/);
  expect(readCursor(writeCursor(position))).toEqual(position);
  for (const text of ["", "!", "MjAyNg", writeCursor(["", "b", "c"])]) expect(readCursor(text)).toBeNull();
  const { database } = await TestAccount.open();
  expect(readUsage(database, { ...ALL, cursor: "!", limit: 1 })).toEqual({ lines: [], cursor: null });
});
