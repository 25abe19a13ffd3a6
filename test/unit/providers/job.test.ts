import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { awaitEnd, createUnlessAborted, type Job } from "../../../src/providers/job.ts";
import { StageError } from "../../../src/providers/stage-error.ts";

const unbound = () => new AbortController().signal;

/** A world whose clock only waiting moves, and whose work behind the answer is kept. */
function calmly() {
  const waits: number[] = [];
  const behind: Promise<unknown>[] = [];
  let now = 0;
  const sleep = async (milliseconds: number, signal: AbortSignal) => {
    if (signal.aborted) throw signal.reason;
    waits.push(milliseconds);
    now += milliseconds;
  };
  const fetch = () => Promise.reject(new Error("no request"));
  return {
    waits,
    behind,
    runtime: { clock: () => now, sleep, chance: () => 0, fetch },
    later: (work: Promise<unknown>) => void behind.push(work),
  };
}

/** A job whose polls answer in order, the last for ever. */
function jobOf(...polls: (string | null | StageError)[]): Job<string> & { canceled: number; polled: number } {
  return {
    canceled: 0,
    polled: 0,
    async poll() {
      const answer = polls[Math.min(this.polled++, polls.length - 1)] ?? null;
      if (answer instanceof StageError) throw answer;
      return answer;
    },
    read: (delivered) => (typeof delivered === "string" ? delivered : null),
    async cancel() {
      this.canceled++;
    },
  };
}

describe("awaitEnd", () => {
  test("returns the end that polls find, after waits that grow to five seconds", async () => {
    const { runtime, later, waits, behind } = calmly();
    const job = jobOf(null, null, null, null, null, null, null, null, "done");
    expect(await awaitEnd(job, null, runtime, { signal: unbound(), deadline: 60_000, later })).toBe("done");
    expect(waits.map(Math.round)).toEqual([250, 375, 563, 844, 1266, 1898, 2500, 2500, 2500]);
    expect([job.canceled, behind.length]).toEqual([0, 0]);
  });

  test("takes the end from the callback, whatever polls would say", async () => {
    const { runtime, later } = calmly();
    const job = jobOf(null);
    const never = { ...runtime, sleep: () => new Promise<void>(() => undefined) };
    const options = { signal: unbound(), deadline: 60_000, later };
    expect(await awaitEnd(job, Promise.resolve("told"), never, options)).toBe("told");
    expect(job.polled).toBe(0);
  });

  test("polls at once after a callback that it cannot use, and soon again", async () => {
    const { runtime, later, waits } = calmly();
    let slept = 0;
    // The first wait is for ever: the callback comes first.
    const sleep: typeof runtime.sleep = (milliseconds, signal) =>
      slept++ === 0 ? new Promise(() => undefined) : runtime.sleep(milliseconds, signal);
    const job = jobOf(null, "done");
    const options = { signal: unbound(), deadline: 60_000, later };
    expect(await awaitEnd(job, Promise.resolve({ other: 1 }), { ...runtime, sleep }, options)).toBe("done");
    expect(waits).toEqual([250]);
  });

  test("goes on after a poll that may succeed later, and waits as long as it asks", async () => {
    const { runtime, later, waits } = calmly();
    const job = jobOf(new StageError("rate_limited", "x", { retryAfterMs: 4_000 }), "done");
    expect(await awaitEnd(job, null, runtime, { signal: unbound(), deadline: 60_000, later })).toBe("done");
    expect(waits).toEqual([250, 4_000, 375]);
  });

  test("cancels the job when it gives up: refused, late, or left by its caller", async () => {
    const refused = jobOf(new StageError("unauthorized", "x"));
    const late = jobOf(null);
    const left = jobOf(null);
    for (const [job, signal, code] of [
      [refused, unbound(), "unauthorized"],
      [late, unbound(), "timeout"],
      [left, AbortSignal.abort(), "canceled"],
    ] as const) {
      const { runtime, later, behind } = calmly();
      await expect(awaitEnd(job, null, runtime, { signal, deadline: 5_000, later })).rejects.toMatchObject({ code });
      await Promise.all(behind);
      expect(job.canceled).toBe(1);
    }
  });

  test("ends with the job's end or by canceling it, whatever polls and the callback say", async () => {
    const poll = fc.constantFrom<string | null | StageError>(
      null,
      "done",
      new StageError("network", "x"),
      new StageError("rejected", "x"),
    );
    const callback = fc.constantFrom<unknown>(undefined, null, "told", { other: 1 });
    await fc.assert(
      fc.asyncProperty(fc.array(poll, { minLength: 1, maxLength: 6 }), callback, async (polls, delivered) => {
        const { runtime, later, behind } = calmly();
        const job = jobOf(...polls);
        const told = delivered === undefined ? null : Promise.resolve(delivered);
        const options = { signal: unbound(), deadline: 20_000, later };
        const end = await awaitEnd(job, told, runtime, options).catch((error: StageError) => error.code);
        await Promise.all(behind);
        expect(job.canceled).toBe(end === "done" || end === "told" ? 0 : 1);
      }),
    );
  });
});

describe("createUnlessAborted", () => {
  const GRACE_MS = 4_000;

  test("returns what was created", async () => {
    const { runtime, later, behind } = calmly();
    const undo = () => Promise.reject(new Error("undone"));
    expect(await createUnlessAborted(async () => "id", undo, runtime, { signal: unbound(), later }, GRACE_MS)).toBe(
      "id",
    );
    expect(behind).toEqual([]);
  });

  test("sends nothing for a caller who has left before", async () => {
    const { runtime, later } = calmly();
    const send = () => Promise.reject(new Error("sent"));
    const options = { signal: AbortSignal.abort(), later };
    await expect(createUnlessAborted(send, async () => undefined, runtime, options, GRACE_MS)).rejects.toMatchObject({
      code: "canceled",
    });
  });

  test("undoes what a request created whose caller has left meanwhile", async () => {
    const { runtime, later, behind } = calmly();
    const never = { ...runtime, sleep: (_: number, signal: AbortSignal) => untilAborted(signal) };
    const leave = new AbortController();
    const undone: string[] = [];
    let answer = (_: string) => undefined as unknown;
    const send = () => new Promise<string>((resolve) => (answer = resolve));
    const undo = async (id: string) => void undone.push(id);
    const created = createUnlessAborted(send, undo, never, { signal: leave.signal, later }, GRACE_MS);
    leave.abort();
    await expect(created).rejects.toMatchObject({ code: "canceled" });
    answer("id");
    await Promise.all(behind);
    expect(undone).toEqual(["id"]);
  });

  test("gives the request up after its grace", async () => {
    const { runtime, later, behind, waits } = calmly();
    const leave = new AbortController();
    const send = (signal: AbortSignal) => untilAborted(signal).then(() => "never");
    const created = createUnlessAborted(
      send,
      async () => undefined,
      runtime,
      { signal: leave.signal, later },
      GRACE_MS,
    );
    leave.abort();
    await expect(created).rejects.toMatchObject({ code: "canceled" });
    await Promise.all(behind);
    expect(waits).toEqual([GRACE_MS]);
  });
});

/** Rejects when the signal aborts, and never resolves. */
function untilAborted(signal: AbortSignal): Promise<void> {
  return new Promise((_, reject) => {
    if (signal.aborted) reject(signal.reason);
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
