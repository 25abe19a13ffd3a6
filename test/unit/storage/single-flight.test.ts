import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { LIMITS } from "../../../schemas/limits.ts";
import { SingleFlight } from "../../../src/storage/single-flight.ts";

const waiting = new AbortController().signal;

describe("SingleFlight", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("gives everybody who joins the answer of the one who asks, and nothing after that", async () => {
    const flights = new SingleFlight<string>(() => 0);
    expect(flights.join("a", waiting)).toBeNull();
    const land = flights.lead("a");
    const joined = [flights.join("a", waiting), flights.join("a", waiting)];
    expect(flights.join("b", waiting)).toBeNull();
    land("answer");
    expect(await Promise.all(joined)).toEqual(["answer", "answer"]);
    expect(flights.join("a", waiting)).toBeNull();
  });

  test("has no answer when the one who asked has none, and after the longest wait", async () => {
    const flights = new SingleFlight<string>(() => 0);
    const land = flights.lead("a");
    const refused = flights.join("a", waiting);
    land(null);
    expect(await refused).toBeNull();
    flights.lead("a");
    const late = flights.join("a", waiting);
    await vi.advanceTimersByTimeAsync(LIMITS.flightMs);
    expect(await late).toBeNull();
  });

  test("ends the wait of one who leaves, and nobody else's", async () => {
    const flights = new SingleFlight<string>(() => 0);
    const land = flights.lead("a");
    const leaving = new AbortController();
    const left = flights.join("a", leaving.signal);
    const stays = flights.join("a", waiting);
    leaving.abort(new Error("gone"));
    await expect(left).rejects.toThrow("gone");
    await expect(flights.join("a", leaving.signal)).rejects.toThrow("gone");
    land("answer");
    expect(await stays).toBe("answer");
    expect(vi.getTimerCount()).toBe(0);
  });

  test("lets nobody join a question that was never answered once its request must be over", () => {
    let now = 0;
    const flights = new SingleFlight<string>(() => now);
    flights.lead("a");
    now = LIMITS.deadlineMs;
    expect(flights.join("a", waiting)).toBeNull();
  });

  test("keeps a later question open when an earlier one for the same key ends", async () => {
    const flights = new SingleFlight<string>(() => 0);
    const first = flights.lead("a");
    const second = flights.lead("a");
    first("old");
    const joined = flights.join("a", waiting);
    second("new");
    expect(await joined).toBe("new");
  });
});
