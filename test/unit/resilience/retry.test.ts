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

  test("is patient with a server that cannot be reached when no other model can be asked", () => {
    const failure = { retryable: true, retryAfterMs: null, unreached: true };
    expect([2, 3, 5, 6].map((attempts) => waitBefore(attempts, failure, 0, true))).toEqual([0, 0, 0, null]);
    expect(waitBefore(3, failure, 0, false)).toBeNull();
  });

  test("asks a server that is starting without an end where the caller has minutes, at most every five seconds", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 500 }),
        fc.option(fc.nat(60_000)),
        chance,
        (attempts, retryAfterMs, random) => {
          const failure = { retryable: true, retryAfterMs, starting: true };
          const least = Math.max(5_000, retryAfterMs ?? 0);
          const wait = waitBefore(attempts, failure, random, true, true);
          expect(wait).toBeGreaterThanOrEqual(least);
          expect(wait).toBeLessThanOrEqual(least + 2_500);
        },
      ),
    );
    const starting = { retryable: true, retryAfterMs: null, starting: true };
    expect(waitBefore(3, starting, 0, true, false)).toBeNull();
    expect(waitBefore(3, { ...starting, starting: false }, 0, true, true)).toBeNull();
    expect(waitBefore(2, { ...starting, charged: true }, 0, true, true)).toBeNull();
    expect(waitBefore(1, { ...starting, retryable: false }, 0, true, true)).toBeNull();
  });

  test("repeats work that was probably charged only once", () => {
    const failure = { retryable: true, retryAfterMs: 100, charged: true };
    expect(waitBefore(1, failure, 0, true)).not.toBeNull();
    expect(waitBefore(2, failure, 0, true)).toBeNull();
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

  test.each([
    ["not at all", 0, 1_000, 1_000],
    ["by a quarter", 0.5, 1_000, 1_250],
    ["by at most a half", 1 - Number.EPSILON, 1_000, 1_500],
    ["by at most two seconds", 1 - Number.EPSILON, 20_000, 22_000],
  ])("lengthens the wait that the server asked for %s, by chance", (_, random, retryAfterMs, wait) => {
    expect(waitBefore(1, { retryable: true, retryAfterMs }, random)).toBe(wait);
  });

  test("does not bring callers back together when the server told them the same time", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1_000, max: 60_000 }), chance, chance, (retryAfterMs, one, other) => {
        fc.pre(Math.abs(one - other) > 0.01);
        const waits = [one, other].map((random) => waitBefore(1, { retryable: true, retryAfterMs }, random));
        expect(waits[0]).not.toBe(waits[1]);
      }),
    );
  });
});
