import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTaken, waitAfter } from "../../../../src/webhooks/outbox/schedule.ts";

const [MINUTE, HOUR, DAY] = [60_000, 3_600_000, 86_400_000];
const FAILED = { status: 500, retryAfterMs: null };

describe("waitAfter", () => {
  test("waits 5 s, 5 min, 30 min, 2 h, 5 h, 10 h and 14 h, and gives up after the eighth attempt", () => {
    const waits = Array.from({ length: 9 }, (_, made) => waitAfter(made + 1, FAILED, 0));
    expect(waits).toEqual([...[5_000, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR], null, null]);
  });

  test("adds up to a fifth by chance", () => {
    expect([waitAfter(2, FAILED, 0.5), waitAfter(2, FAILED, 1)]).toEqual([5.5 * MINUTE, 6 * MINUTE]);
  });

  test.each([
    [429, 20_000, 20_000],
    [503, 20_000, 20_000],
    [503, 1_000, 5_000],
    [503, 0, 5_000],
    [503, null, 5_000],
    [429, 30 * DAY, DAY],
    [429, Number.POSITIVE_INFINITY, DAY],
    [500, 20_000, 5_000],
    [302, 20_000, 5_000],
    [null, null, 5_000],
    [410, 20_000, null],
  ])("after HTTP %s that asks for %s ms, waits %s ms", (status, retryAfterMs, wait) => {
    expect(waitAfter(1, { status, retryAfterMs }, 0)).toBe(wait);
  });

  test("never waits less than its schedule or than it was asked to, nor more than a fifth or a day above", () => {
    const statuses = fc.constantFrom(null, 200, 302, 404, 429, 500, 503);
    const asked = fc.option(fc.nat({ max: 2 * DAY }));
    const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 7 }), statuses, asked, chance, (made, status, retryAfterMs, luck) => {
        const wait = waitAfter(made, { status, retryAfterMs }, luck) ?? 0;
        const least = waitAfter(made, FAILED, 0) ?? 0;
        const obeyed = status === 429 || status === 503 ? Math.min(retryAfterMs ?? 0, DAY) : 0;
        expect(wait).toBeGreaterThanOrEqual(Math.max(least, obeyed));
        expect(wait).toBeLessThanOrEqual(Math.max(Math.ceil(1.2 * least), obeyed));
      }),
    );
  });
});

test("only a status from 200 to 299 is a success", () => {
  const taken = [null, 199, 200, 204, 299, 300, 302, 404, 500].filter(isTaken);
  expect(taken).toEqual([200, 204, 299]);
});
