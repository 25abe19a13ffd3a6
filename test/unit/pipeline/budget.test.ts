import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { Budget, OverBudget } from "../../../src/pipeline/budget.ts";

const open = new AbortController().signal;
const failed = (work: Promise<unknown>) =>
  work.then(
    () => null,
    (error: unknown) => error,
  );

describe("Budget", () => {
  test("refuses what may cost more than is left, and says how much that is", async () => {
    const budget = new Budget(5_000_000);
    (await budget.reserve(4_000_000, open)).settle(3_000_000);
    expect(await failed(budget.reserve(2_500_000, open))).toMatchObject({
      code: "over_budget",
      detail: "was not asked: a call may cost USD 0.0025, and USD 0.002 of max_cost_usd are left",
    });
    expect(await failed(budget.reserve(null, open))).toMatchObject({
      code: "over_budget",
      detail: "was not asked: what a call may cost is not known (MODEL_PRICES), and the request has a max_cost_usd",
    });
    expect(await failed(budget.reserve(2_000_000, open))).toBeNull();
  });

  test("counts a whole reservation as spent when its cost is not known", async () => {
    const budget = new Budget(10);
    (await budget.reserve(6, open)).settle(null);
    expect(budget.spent).toBe(6);
  });

  test("waits while a call that runs may give back enough, and no longer than its signal", async () => {
    const budget = new Budget(10);
    const first = await budget.reserve(8, open);
    const leaving = new AbortController();
    const [second, third] = [budget.reserve(5, open), budget.reserve(5, leaving.signal)];
    leaving.abort(new Error("the caller has left"));
    expect(await failed(third)).toMatchObject({ message: "the caller has left" });
    first.settle(1);
    (await second).settle(5);
    expect(budget.spent).toBe(6);
  });

  test("allows everything without a limit, and what costs nothing with a limit of nothing", async () => {
    for (const most of [null, 1e12]) expect(await failed(new Budget(null).reserve(most, open))).toBeNull();
    expect(await failed(new Budget(0).reserve(0, open))).toBeNull();
  });

  test("is never exceeded, and no call waits forever, whatever calls run beside each other", async () => {
    const call = fc.record({
      most: fc.integer({ min: 0, max: 50 }),
      share: fc.oneof(fc.constant(null), fc.double({ min: 0, max: 1, noNaN: true })),
      turns: fc.integer({ min: 0, max: 5 }),
    });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 100 }), fc.array(call, { maxLength: 12 }), async (limit, calls) => {
        const budget = new Budget(limit);
        let real = 0;
        await Promise.all(
          calls.map(async ({ most, share, turns }) => {
            const reservation = await budget.reserve(most, open).catch((error: unknown) => {
              expect(error).toBeInstanceOf(OverBudget);
              return null;
            });
            if (!reservation) return;
            real += Math.floor(most * (share ?? 1));
            for (let turn = 0; turn < turns; turn++) await Promise.resolve();
            reservation.settle(share === null ? null : Math.floor(most * share));
          }),
        );
        expect(real).toBeLessThanOrEqual(limit);
        expect(budget.spent).toBe(real);
      }),
    );
  });
});
