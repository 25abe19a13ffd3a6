import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { Job } from "../../../src/providers/job.ts";
import { callbackOf, type KeptCall, type Resumable } from "../../../src/providers/resumable.ts";
import { awaitKept, createdOrFound, createKept } from "../../../src/providers/resume.ts";
import { isSameJson } from "../../../src/providers/same-json.ts";
import { StageError } from "../../../src/providers/stage-error.ts";

const KEPT: KeptCall = { attempt: null, id: null, at: 5 };

/** A world in which nobody waits, an attempt, and a vendor that finds these and whose jobs answer these. */
function goOn(
  kept: KeptCall,
  { finds, polls }: { finds: (string | null | StageError)[]; polls: (string | StageError)[] },
) {
  const events: string[] = [];
  const behind: Promise<unknown>[] = [];
  const next = <T>(answers: (T | StageError)[]): T => {
    const answer = answers.length > 1 ? answers.shift() : answers[0];
    if (answer instanceof StageError) throw answer;
    return answer as T;
  };
  const job = (id: string): Job<string> => ({
    async poll() {
      events.push(`poll ${id}`);
      return next<string>(polls);
    },
    read: (told) => (told === id ? "told" : null),
    async cancel() {
      events.push(`cancel ${id}`);
    },
  });
  const find = async () => {
    events.push("find");
    return next<string | null>(finds);
  };
  const resumable: Resumable = { key: "k", kept, keep: ({ id }) => events.push(`keep ${id}`) };
  const sleep = async (_: number, signal: AbortSignal) => signal.throwIfAborted();
  const runtime = { clock: () => 0, chance: () => 0, sleep, fetch: () => Promise.reject(new Error("no request")) };
  return {
    events,
    async run(signal = new AbortController().signal, delivered: Promise<unknown> | null = null) {
      const later = (work: Promise<unknown>) => void behind.push(work);
      const options = { signal, deadline: 600_000, later, resumable };
      return awaitKept(kept, { job, find }, delivered, runtime, options).finally(() => Promise.allSettled(behind));
    },
  };
}

describe("awaitKept", () => {
  test("polls a known job at once, and looks for nothing", async () => {
    const { events, run } = goOn({ ...KEPT, id: "p" }, { finds: [null], polls: ["done"] });
    expect(await run()).toBe("done");
    expect(events).toEqual(["poll p"]);
  });

  test("keeps the id of a lost job before it asks for its end", async () => {
    const { events, run } = goOn(KEPT, { finds: ["p"], polls: ["done"] });
    expect(await run()).toBe("done");
    expect(events).toEqual(["find", "keep p", "poll p"]);
  });

  test("takes the end that a callback delivered", async () => {
    const { run } = goOn({ ...KEPT, id: "p" }, { finds: [null], polls: ["done"] });
    expect(await run(undefined, Promise.resolve("p"))).toBe("told");
  });

  test.each<[what: string, id: string | null]>([
    ["there is no job with the id", "p"],
    ["no lost job is found", null],
  ])("gives null when %s", async (_, id) => {
    const { run } = goOn({ ...KEPT, id }, { finds: [null], polls: [new StageError("not_found", "x")] });
    expect(await run()).toBeNull();
  });

  test("never gives null while it does not know: errors end it, or are followed by another try", async () => {
    const code = fc.constantFrom("network", "unauthorized", "http_error", "rate_limited", "unreadable") as fc.Arbitrary<
      "network" | "unauthorized"
    >;
    await fc.assert(
      fc.asyncProperty(fc.array(code, { maxLength: 4 }), fc.constantFrom("p", null), async (codes, id) => {
        const errors = codes.map((each) => new StageError(each, "x"));
        const { run } = goOn({ ...KEPT, id }, { finds: [...errors, "p"], polls: [...errors, "done"] });
        const end = await run().catch((error: StageError) => error.code);
        expect(end === "done" || codes.includes(end as "network")).toBe(true);
      }),
    );
  });

  test.each<[what: string, id: string | null, found: string | null, events: string[]]>([
    ["a known job", "p", null, ["cancel p"]],
    ["a lost job that is found", null, "p", ["find", "keep p", "cancel p"]],
    ["nothing where none is found", null, null, ["find"]],
  ])("cancels %s when its caller has left before", async (_, id, found, expected) => {
    const { events, run } = goOn({ ...KEPT, id }, { finds: [found], polls: ["done"] });
    await expect(run(AbortSignal.abort())).rejects.toMatchObject({ code: "canceled" });
    expect(events).toEqual(expected);
  });
});

describe("createKept", () => {
  test("keeps the call before it is sent, and its id after", async () => {
    const events: unknown[] = [];
    const resumable: Resumable = { key: "k", kept: null, keep: (kept) => events.push(kept) };
    const callback = { name: "n", url: "https://namesight.test/hook", ended: async () => null };
    const send = async () => void events.push("sent");
    await createKept({ resumable, callback }, { clock: () => 7 }, send, () => "p");
    expect(events).toEqual([{ attempt: "n", id: null, at: 7 }, "sent", { attempt: "n", id: "p", at: 7 }]);
  });
});

describe("createdOrFound", () => {
  const resumable: Resumable = { key: "k", kept: null, keep: () => undefined };
  const lost = new StageError("network", "x", { retryable: false, charged: true });
  const unbound = new AbortController().signal;

  test.each<[what: string, options: object, error: StageError, found: string | null, asks: number]>([
    ["finds what a lost response named", { resumable, signal: unbound }, lost, "p", 1],
    ["rejects where it is not found", { resumable, signal: unbound }, lost, null, 1],
    ["looks for nothing that was refused", { resumable, signal: unbound }, new StageError("rejected", "x"), "p", 0],
    ["looks for nothing in an attempt that is not resumable", { signal: unbound }, lost, "p", 0],
    ["looks for nothing when its caller has left", { resumable, signal: AbortSignal.abort() }, lost, "p", 0],
  ])("%s", async (_, options, error, found, asks) => {
    let asked = 0;
    const find = async () => {
      asked++;
      return found;
    };
    const work = createdOrFound(Promise.reject<string>(error), find, options as { signal: AbortSignal });
    if (asks === 1 && found !== null) expect(await work).toBe(found);
    else await expect(work).rejects.toBe(error);
    expect(asked).toBe(asks);
  });
});

describe("callbackOf", () => {
  const open = (name?: string) => name ?? "new";

  test("opens a new address, or the kept one, or none where the vendor names none", () => {
    const resumable = (kept: KeptCall | null): Resumable => ({ key: "k", kept, keep: () => undefined });
    expect(callbackOf(undefined, open)).toBe("new");
    expect(callbackOf(resumable(null), open)).toBe("new");
    expect(callbackOf(resumable({ ...KEPT, attempt: "old" }), open)).toBe("old");
    expect(callbackOf(resumable(KEPT), open)).toBeNull();
  });
});

describe("isSameJson", () => {
  const turned = (value: unknown): unknown =>
    typeof value !== "object" || value === null || Array.isArray(value)
      ? value
      : Object.fromEntries(
          Object.entries(value)
            .reverse()
            .map(([name, part]) => [name, turned(part)]),
        );

  test("does not look at the order of fields, and at nothing else less closely", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (one, other) => {
        expect(isSameJson(one, turned(one))).toBe(true);
        expect(isSameJson([one], [one, other])).toBe(false);
        expect(isSameJson({ a: one }, { b: one })).toBe(false);
      }),
    );
    expect(isSameJson([1, 2], [2, 1])).toBe(false);
    expect(isSameJson(1, "1")).toBe(false);
    expect(isSameJson(undefined, null)).toBe(false);
  });
});
