import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { newName, stored } from "./stored-attempts.ts";

describe("Attempt", () => {
  const end = (status: string) => JSON.stringify({ id: "p1", status });

  test("gives the end to every caller that waits, and stores it for the next", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    const ended = [stub.ended(), stub.ended()];
    await stub.settle(end("succeeded"));
    expect(await Promise.all(ended)).toEqual([end("succeeded"), end("succeeded")]);
    expect(await stored(name)).toEqual({ end: end("succeeded") });
  });

  test("gives a stored end again to a caller whose predecessor died before it had stored it", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    expect(await stub.ended()).toBe(end("failed"));
    expect(await stub.ended()).toBe(end("failed"));
  });

  test("stores nothing while there is no end", async () => {
    const name = newName();
    const leave = env.ATTEMPTS.getByName(name).ended();
    expect(await stored(name)).toEqual({});
    await env.ATTEMPTS.getByName(name).settle(end("failed"));
    await leave;
  });

  test("keeps the first end when another one comes after it was delivered", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    await stub.ended();
    await stub.settle(end("succeeded"));
    expect(await stored(name)).toEqual({ end: end("failed") });
  });

  test("deletes an end a minute after the longest job", async () => {
    const name = newName();
    const stub = env.ATTEMPTS.getByName(name);
    await stub.settle(end("failed"));
    await stub.ended();
    const [alarm, now] = [await runInDurableObject(stub, (_, { storage }) => storage.getAlarm()), Date.now()];
    expect((alarm ?? 0) - now).toBeGreaterThan(LIMITS.jobDeadlineMs + 30_000);
    expect((alarm ?? 0) - now).toBeLessThanOrEqual(LIMITS.jobDeadlineMs + 60_000);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    expect(await stored(name)).toEqual({});
  });

  test("gives the first end, and stores it alone, for any order of ends and calls", async () => {
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
        expect(await stub.ended()).toBe(end(`${ends[0]} 0`));
        expect(await stored(name)).toEqual({ end: end(`${ends[0]} 0`) });
      }),
      { numRuns: 40 },
    );
  });
});
