import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { newName, stored } from "./stored-attempts.ts";

describe("Attempt", () => {
  const end = (status: string) => JSON.stringify({ id: "p1", status });

  test("gives the end to a caller that waits, and stores none of it", async () => {
    const stub = env.ATTEMPTS.getByName(newName());
    const ended = stub.ended();
    await stub.settle(end("succeeded"));
    expect(await ended).toBe(end("succeeded"));
    expect(await runInDurableObject(stub, async (_, { storage }) => [...(await storage.list()).values()])).toEqual([
      "",
    ]);
  });

  test("gives a stored end to the first caller, and deletes it", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    expect(await stored(name)).toEqual({ end: end("failed") });
    expect(await stub.ended()).toBe(end("failed"));
    expect(await stored(name)).toEqual({ end: "" });
  });

  test("stores nothing after the end was delivered", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    await stub.ended();
    await stub.settle(end("succeeded"));
    expect(await stored(name)).toEqual({ end: "" });
  });

  test("deletes an end that nobody asked for after ten minutes", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    const [alarm, now] = [await runInDurableObject(stub, (_, { storage }) => storage.getAlarm()), Date.now()];
    expect((alarm ?? 0) - now).toBeGreaterThan(9 * 60_000);
    expect((alarm ?? 0) - now).toBeLessThanOrEqual(10 * 60_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await stored(name)).toEqual({});
  });

  test("gives the first end and stores none, for any order of ends and calls", async () => {
    const orders = fc.record({
      ends: fc.array(fc.constantFrom("succeeded", "failed", "canceled", "aborted"), { minLength: 1, maxLength: 5 }),
      askedBefore: fc.nat(),
    });
    await fc.assert(
      fc.asyncProperty(orders, async ({ ends, askedBefore }) => {
        const name = newName();
        const stub = env.ATTEMPTS.getByName(name);
        const ask = askedBefore % (ends.length + 1);
        let ended: Promise<string> | null = null;
        for (const [index, status] of ends.entries()) {
          if (index === ask) ended = stub.ended();
          await stub.settle(end(`${status} ${index}`));
        }
        ended ??= stub.ended();
        expect(await ended).toBe(end(`${ends[0]} 0`));
        expect(await stored(name)).toEqual({ end: "" });
      }),
      { numRuns: 40 },
    );
  });
});
