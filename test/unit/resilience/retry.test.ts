import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { waitBefore } from "../../../src/resilience/retry.ts";

const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe("waitBefore", () => {
  test("gives up when the failure is not retryable", () => {
    expect(waitBefore(1, { retryable: false, retryAfterMs: 100 }, 0.5)).toBeNull();
  });

  test.each([
    ["says nothing", null, 3],
    ["says when to retry", 1_000, 10],
  ])("gives up after so many attempts when the server %s", (_, retryAfterMs, attempts) => {
    const failure = { retryable: true, retryAfterMs };
    expect(waitBefore(attempts - 1, failure, 0.5)).not.toBeNull();
    expect(waitBefore(attempts, failure, 0.5)).toBeNull();
  });

  test("waits a random time below a bound that doubles with each attempt", () => {
    fc.assert(
      fc.property(fc.constantFrom(1, 2), chance, (attempts, random) => {
        const wait = waitBefore(attempts, { retryable: true, retryAfterMs: null }, random) ?? -1;
        expect(wait).toBeGreaterThanOrEqual(0);
        expect(wait).toBeLessThanOrEqual(400 * 2 ** (attempts - 1));
        expect(wait).toBe(Math.round(random * 400 * 2 ** (attempts - 1)));
      }),
    );
  });

  test("never waits less than the server asked for", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 9 }), fc.nat(60_000), chance, (attempts, retryAfterMs, random) => {
        const wait = waitBefore(attempts, { retryable: true, retryAfterMs }, random);
        expect(wait).toBeGreaterThanOrEqual(retryAfterMs);
      }),
    );
  });
});
