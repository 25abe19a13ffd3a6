import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { sleep } from "../../../src/resilience/sleep.ts";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe("sleep", () => {
  test("resolves after the time and not before", async () => {
    let awake = false;
    const sleeping = sleep(1_000, new AbortController().signal).then(() => {
      awake = true;
    });
    await vi.advanceTimersByTimeAsync(999);
    expect(awake).toBe(false);
    await vi.advanceTimersByTimeAsync(1);
    await sleeping;
    expect(awake).toBe(true);
  });

  test("rejects with the signal's reason as soon as it aborts, and leaves no timer", async () => {
    const controller = new AbortController();
    const sleeping = expect(sleep(1_000, controller.signal)).rejects.toThrow("hung up");
    controller.abort(new Error("hung up"));
    await sleeping;
    expect(vi.getTimerCount()).toBe(0);
  });

  test("rejects at once when the signal has aborted before", async () => {
    await expect(sleep(1_000, AbortSignal.abort(new Error("hung up")))).rejects.toThrow("hung up");
    expect(vi.getTimerCount()).toBe(0);
  });
});
