import fc from "fast-check";
import { expect, test } from "vitest";
import type { Lane } from "../../../functions/lane.ts";
import { Queue, type Turn } from "../../../functions/queue.ts";

const never = new AbortController().signal;

/** A promise that resolves when `open` is called. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

/** A queue with a clock of its own, and a log of the steps that jobs took. */
function steps() {
  let now = 0;
  const log: string[] = [];
  const queue = new Queue(() => now);
  /** A job of so many steps, each of so many milliseconds. */
  const job = (name: string, count: number, ms: number) => async (turn: Turn) => {
    for (let step = 0; step < count; step++) {
      await turn.pause();
      now += ms;
      log.push(name);
    }
  };
  return { queue, log, job };
}

test("runs jobs of one lane in the order of arrival, one at a time, when they are short", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 }), async (turns) => {
      const queue = new Queue(() => 0);
      const begun: number[] = [];
      let running = 0;
      await Promise.all(
        turns.map((count, index) =>
          queue.run(
            async ({ pause }) => {
              begun.push(index);
              expect(++running).toBe(1);
              for (let turn = 0; turn < count; turn++) await pause();
              running--;
            },
            "text",
            never,
          ),
        ),
      );
      expect(begun).toEqual(turns.map((_, index) => index));
      expect(queue.busy).toBe(false);
    }),
  );
});

test("lets a short job run after 0.3 s of a long one, and ends the long one later", async () => {
  const { queue, log, job } = steps();
  await Promise.all([
    queue.run(job("long", 10, 100), "picture", never),
    queue.run(job("short", 1, 10), "picture", never),
  ]);
  expect(log).toEqual([...Array(3).fill("long"), "short", ...Array(7).fill("long")]);
});

test("does not interleave jobs that end within their 0.3 s", async () => {
  const { queue, log, job } = steps();
  await Promise.all(["a", "b", "c"].map((name) => queue.run(job(name, 2, 140), "picture", never)));
  expect(log.join("")).toBe("aabbcc");
});

test("gives the lanes turns, so that a text does not wait behind all pictures", async () => {
  const queue = new Queue(() => 0);
  const order: string[] = [];
  const first = gate();
  const run = (name: string, lane: Lane) => queue.run(async () => void order.push(name), lane, never);
  const holder = queue.run(() => first.opened, "picture", never);
  const all = [run("p1", "picture"), run("p2", "picture"), run("p3", "picture"), run("t1", "text"), run("t2", "text")];
  first.open();
  await Promise.all([holder, ...all]);
  expect(order).toEqual(["t1", "p1", "t2", "p2", "p3"]);
});

test("gives the slot to others while a job is away, and takes it back before those that came later", async () => {
  const queue = new Queue(() => 0);
  const [download, work] = [gate(), gate()];
  const order: string[] = [];
  const first = queue.run(
    async ({ away }) => {
      order.push(await away(() => download.opened.then(() => "first")));
    },
    "picture",
    never,
  );
  const second = queue.run(() => work.opened.then(() => void order.push("second")), "picture", never);
  const third = queue.run(async () => void order.push("third"), "picture", never);
  download.open();
  await download.opened;
  await new Promise(setImmediate);
  work.open();
  await Promise.all([first, second, third]);
  expect(order).toEqual(["second", "first", "third"]);
});

test("lets at most four jobs be away, so that downloads hold little memory", async () => {
  const queue = new Queue(() => 0);
  const download = gate();
  let begun = 0;
  const jobs = Array.from({ length: 10 }, () =>
    queue.run(
      ({ away }) =>
        away(() => {
          begun++;
          return download.opened;
        }),
      "picture",
      never,
    ),
  );
  await new Promise(setImmediate);
  // The fifth waits in its place.
  expect(begun).toBe(5);
  download.open();
  await Promise.all(jobs);
  expect(begun).toBe(10);
});

test("never begins a job that is aborted while it waits, and frees its place", async () => {
  const queue = new Queue(() => 0);
  const { open, opened } = gate();
  const first = queue.run(() => opened, "text", never);
  const abort = new AbortController();
  let begun = false;
  const waiting = queue.run(
    async () => {
      begun = true;
    },
    "text",
    abort.signal,
  );
  abort.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
  const next = queue.run(async () => "next", "text", never);
  open();
  await first;
  expect(await next).toBe("next");
  expect(begun).toBe(false);
});

test("ends a job at its next pause when its signal aborts, also while it waits for another turn", async () => {
  const { queue, log, job } = steps();
  const abort = new AbortController();
  const long = queue.run(job("long", 10, 100), "picture", abort.signal);
  const other = queue.run(
    async () => {
      abort.abort(new Error("gone"));
      log.push("other");
    },
    "picture",
    never,
  );
  await expect(long).rejects.toThrow("gone");
  await other;
  expect(log).toEqual(["long", "long", "long", "other"]);
  expect(queue.busy).toBe(false);
});

test("frees the place when a job throws, or what it waited for away throws", async () => {
  const queue = new Queue(() => 0);
  const broken = () => Promise.reject(new Error("broken"));
  await expect(queue.run(broken, "text", never)).rejects.toThrow("broken");
  await expect(queue.run(({ away }) => away(broken), "text", never)).rejects.toThrow("broken");
  expect(await queue.run(async () => 1, "text", never)).toBe(1);
  expect(queue.busy).toBe(false);
});

test("lets other events through while a job of synchronous steps runs", async () => {
  const { queue, log, job } = steps();
  const events = new Promise<void>((resolve) => setImmediate(() => resolve(void log.push("event"))));
  await Promise.all([queue.run(job("step", 5, 20), "text", never), events]);
  expect(log.indexOf("event")).toBeLessThan(4);
});
