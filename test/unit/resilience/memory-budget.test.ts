import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ProblemError } from "../../../schemas/problem.ts";
import { type Claim, MemoryBudget } from "../../../src/resilience/memory-budget.ts";

const MB = 1_000_000;
const overloaded = expect.objectContaining({ code: "overloaded" });

/** A budget of ten megabytes whose time stands still until the test moves it. */
function budgetOf() {
  let now = 0;
  const budget = new MemoryBudget(() => now, 10 * MB);
  return { budget, pass: (milliseconds: number) => (now += milliseconds) };
}

/** The claim, which has these bytes. */
function claimed(claim: Claim, bytes: number): Claim {
  claim.grow(bytes);
  return claim;
}

describe("MemoryBudget", () => {
  test("refuses what does not fit beside others, and claims nothing of it", () => {
    const { budget } = budgetOf();
    claimed(budget.open(1_000), 6 * MB);
    const second = budget.open(1_000);
    expect(() => second.expect(5 * MB)).toThrow(overloaded);
    expect(() => second.grow(5 * MB)).toThrow(overloaded);
    expect(budget.claimed).toBe(6 * MB);
    second.grow(4 * MB);
    expect(budget.claimed).toBe(10 * MB);
  });

  test("accepts any number of small requests, and lets large ones find less room", () => {
    const { budget } = budgetOf();
    for (let count = 0; count < 100; count++) claimed(budget.open(1_000), 200_000);
    expect(budget.claimed).toBe(20 * MB);
    expect(() => budget.open(1_000).grow(300_000)).toThrow(overloaded);
  });

  test("accepts a request that is alone, however large", () => {
    const { budget } = budgetOf();
    claimed(budget.open(1_000), 50 * MB).end();
    claimed(budget.open(1_000), 50 * MB);
  });

  test("frees a claim when it has ended and all of its work has settled, failed or not", async () => {
    const { budget } = budgetOf();
    const claim = claimed(budget.open(1_000), 6 * MB);
    let fail = (_: Error) => {};
    const answer = Promise.resolve();
    const cleanup = new Promise<void>((_, reject) => (fail = reject));
    claim.until(answer);
    claim.until(cleanup);
    claim.end();
    claim.end();
    await answer;
    expect(budget.claimed).toBe(6 * MB);
    fail(new Error("broken"));
    await cleanup.catch(() => undefined);
    expect(budget.claimed).toBe(0);
  });

  test("forgets a claim whose time is over, because the runtime may drop a request with its promises", () => {
    const { budget, pass } = budgetOf();
    const claim = claimed(budget.open(1_000), 6 * MB);
    claim.until(new Promise(() => undefined));
    claim.end();
    pass(999);
    expect(budget.claimed).toBe(6 * MB);
    pass(1);
    expect(budget.claimed).toBe(0);
  });

  test("claims accepted work without refusing it, and no more than what is still needed", () => {
    const { budget } = budgetOf();
    const first = claimed(budget.open(1_000), 6 * MB);
    first.add(8 * MB);
    expect(budget.claimed).toBe(14 * MB);
    first.shrinkTo(2 * MB);
    first.shrinkTo(3 * MB);
    expect(budget.claimed).toBe(2 * MB);
  });

  test("keeps what is never freed, once, beside the claims", () => {
    const { budget } = budgetOf();
    const first = budget.open(1_000);
    first.keep("renderer", 6 * MB);
    first.keep("renderer", 6 * MB);
    first.end();
    expect([budget.kept, budget.claimed]).toEqual([6 * MB, 0]);
    claimed(budget.open(1_000), 3 * MB);
    expect(() => budget.open(1_000).grow(2 * MB)).toThrow(overloaded);
    expect(() => budget.open(1_000).keep("font", 2 * MB)).toThrow(overloaded);
  });

  test("says to come back when the oldest large claim has lasted as long as others did", () => {
    const { budget, pass } = budgetOf();
    const retryAfter = () => {
      try {
        budget.open(60_000).grow(5 * MB);
        return null;
      } catch (error) {
        return (error as ProblemError).headers["Retry-After"];
      }
    };
    const first = claimed(budget.open(60_000), 6 * MB);
    expect(retryAfter()).toBe("5");
    pass(3_000);
    expect(retryAfter()).toBe("2");
    pass(22_000);
    expect(retryAfter()).toBe("1");
    // It lasted 25 s, a fifth of which counts: 5 + (25 − 5) / 5 = 9.
    first.end();
    claimed(budget.open(60_000), 6 * MB);
    expect(retryAfter()).toBe("9");
  });

  test("has nothing claimed when all requests have ended, whatever they did", () => {
    const step = fc.record({
      request: fc.nat(4),
      action: fc.constantFrom("grow", "add", "shrink", "end"),
      bytes: fc.nat(9 * MB),
    });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { budget } = budgetOf();
        const claims = Array.from({ length: 5 }, () => budget.open(1_000));
        for (const { request, action, bytes } of steps) {
          const claim = claims[request] as Claim;
          if (action === "add") claim.add(bytes);
          else if (action === "shrink") claim.shrinkTo(bytes);
          else if (action === "end") claim.end();
          else
            try {
              claim.grow(bytes);
            } catch (error) {
              expect(error).toEqual(overloaded);
            }
          expect(budget.claimed).toBeGreaterThanOrEqual(0);
        }
        for (const claim of claims) claim.end();
        expect(budget.claimed).toBe(0);
      }),
    );
  });
});
