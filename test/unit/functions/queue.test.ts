import fc from "fast-check";
import { expect, test } from "vitest";
import type { Lane } from "../../../functions/lane.ts";
import { type Place, Queue, type Turn } from "../../../functions/queue.ts";

const never = new AbortController().signal;

/** The place of a post that came at a time. */
const place = (lane: Lane, order = 0): Place => ({ lane, order });

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
            place("text"),
            never,
          ),
        ),
      );
      expect(begun).toEqual(turns.map((_, index) => index));
      expect(queue.busy).toBe(false);
    }),
  );
});

test("lets a short text run after 0.3 s of a long one, and ends the long one later", async () => {
  const { queue, log, job } = steps();
  await Promise.all([
    queue.run(job("long", 10, 100), place("text"), never),
    queue.run(job("short", 1, 10), place("text", 1), never),
  ]);
  expect(log).toEqual([...Array(3).fill("long"), "short", ...Array(7).fill("long")]);
});

test("lets a text run after 0.3 s of a picture, and another picture after 2 s", async () => {
  const { queue, log, job } = steps();
  await Promise.all([
    queue.run(job("long", 40, 100), place("picture"), never),
    queue.run(job("picture", 1, 10), place("picture", 1), never),
    queue.run(job("text", 1, 10), place("text", 2), never),
  ]);
  expect([log.indexOf("text"), log.indexOf("picture")]).toEqual([3, 22]);
});

test("does the later work of an earlier post before the first work of later posts", async () => {
  const queue = new Queue(() => 0);
  const first = gate();
  const order: string[] = [];
  const run = (name: string, at: number) => queue.run(async () => void order.push(name), place("picture", at), never);
  const holder = queue.run(() => first.opened, place("picture"), never);
  const all = [run("post 2", 2), run("post 3", 3), run("post 3 again", 3), run("post 1", 1)];
  first.open();
  await Promise.all([holder, ...all]);
  expect(order).toEqual(["post 1", "post 2", "post 3", "post 3 again"]);
});

test("takes the place of a post that has worked for long behind those that wait", async () => {
  const { queue, log, job } = steps();
  const long = place("picture");
  await queue.run(job("long", 40, 100), long, never);
  const later = place("picture", 100);
  await Promise.all([
    queue.run(job("hold", 40, 100), place("picture", 200), never),
    queue.run(job("a", 1, 10), long, never),
    queue.run(job("b", 1, 10), later, never),
  ]);
  // Nobody waited while it worked, so it lost nothing.
  expect(log.indexOf("a")).toBeLessThan(log.indexOf("b"));
});

test("does not interleave jobs that end within their 0.3 s", async () => {
  const { queue, log, job } = steps();
  await Promise.all(["a", "b", "c"].map((name) => queue.run(job(name, 2, 140), place("picture"), never)));
  expect(log.join("")).toBe("aabbcc");
});

test("gives the lanes turns, so that a text does not wait behind all pictures", async () => {
  const queue = new Queue(() => 0);
  const order: string[] = [];
  const first = gate();
  const run = (name: string, lane: Lane) => queue.run(async () => void order.push(name), place(lane), never);
  const holder = queue.run(() => first.opened, place("picture"), never);
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
    place("picture"),
    never,
  );
  const second = queue.run(() => work.opened.then(() => void order.push("second")), place("picture", 1), never);
  const third = queue.run(async () => void order.push("third"), place("picture", 1), never);
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
      place("picture"),
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
  const first = queue.run(() => opened, place("text"), never);
  const abort = new AbortController();
  let begun = false;
  const waiting = queue.run(
    async () => {
      begun = true;
    },
    place("text"),
    abort.signal,
  );
  abort.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
  const next = queue.run(async () => "next", place("text"), never);
  open();
  await first;
  expect(await next).toBe("next");
  expect(begun).toBe(false);
});

test("ends a job at its next pause when its signal aborts, also while it waits for another turn", async () => {
  const { queue, log, job } = steps();
  const abort = new AbortController();
  const long = queue.run(job("long", 10, 100), place("picture"), abort.signal);
  const other = queue.run(
    async () => {
      abort.abort(new Error("gone"));
      log.push("other");
    },
    place("picture"),
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
  await expect(queue.run(broken, place("text"), never)).rejects.toThrow("broken");
  await expect(queue.run(({ away }) => away(broken), place("text"), never)).rejects.toThrow("broken");
  expect(await queue.run(async () => 1, place("text"), never)).toBe(1);
  expect(queue.busy).toBe(false);
});

test("lets other events through while a job of synchronous steps runs", async () => {
  const { queue, log, job } = steps();
  const events = new Promise<void>((resolve) => setImmediate(() => resolve(void log.push("event"))));
  await Promise.all([queue.run(job("step", 5, 20), place("text"), never), events]);
  expect(log.indexOf("event")).toBeLessThan(4);
});

test("tells a job whether another one waits", async () => {
  const queue = new Queue(() => 0);
  const [begun, joined] = [gate(), gate()];
  const alone: boolean[] = [];
  const first = queue.run(
    async ({ isAlone }) => {
      alone.push(isAlone());
      begun.open();
      await joined.opened;
      alone.push(isAlone());
    },
    place("picture"),
    never,
  );
  await begun.opened;
  const second = queue.run(async ({ isAlone }) => alone.push(isAlone()), place("picture"), never);
  joined.open();
  await Promise.all([first, second]);
  expect(alone).toEqual([true, false, true]);
});
