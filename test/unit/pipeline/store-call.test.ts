import { describe, expect, test } from "vitest";
import { createLimiter } from "../../../src/net/connections.ts";
import { createStoreCall } from "../../../src/pipeline/store-call.ts";
import { platformTimer } from "../../support/virtual-time.ts";

const hang = () => new Promise<never>(() => undefined);

describe("createStoreCall", () => {
  test("passes on what the work gives or throws", async () => {
    const atStore = createStoreCall(createLimiter(), 1_000, platformTimer);
    expect(await atStore(async () => 7)).toBe(7);
    await expect(atStore(() => Promise.reject(new Error("down")))).rejects.toThrow("down");
  });

  test("ends work that hangs and gives its connection to the next", async () => {
    const atStore = createStoreCall(createLimiter(1), 10, platformTimer);
    await expect(atStore(hang)).rejects.toMatchObject({ name: "TimeoutError" });
    expect(await atStore(async () => 7)).toBe(7);
  });

  test("does not begin work whose time is over before it has a connection", async () => {
    const limit = createLimiter(1);
    const [begun, { promise, resolve: free }] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const held = limit(() => {
      begun.resolve();
      return promise;
    });
    await begun.promise;
    let began = 0;
    const waiting = createStoreCall(limit, 10, platformTimer)(async () => began++);
    await expect(waiting).rejects.toMatchObject({ name: "TimeoutError" });
    free();
    await held;
    await limit(async () => undefined);
    expect(began).toBe(0);
  });

  test("ends at once when the signal aborts", async () => {
    const run = new AbortController();
    const calling = createStoreCall(createLimiter(), 60_000, platformTimer)(hang, run.signal);
    run.abort(new Error("the run has ended"));
    await expect(calling).rejects.toThrow("the run has ended");
  });
});
