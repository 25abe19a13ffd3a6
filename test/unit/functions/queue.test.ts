import fc from "fast-check";
import { expect, test } from "vitest";
import { Queue, QueueFull } from "../../../functions/queue.ts";

const never = new AbortController().signal;

/** A job that ends when `release` is called. */
function gate() {
  let open: () => void = () => undefined;
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { open, opened };
}

test("runs jobs in the order of arrival, never more at a time than its concurrency", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 4 }),
      fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 20 }),
      async (concurrency, turns) => {
        const queue = new Queue(concurrency, turns.length);
        const begun: number[] = [];
        let running = 0;
        await Promise.all(
          turns.map((count, index) =>
            queue.run(async () => {
              begun.push(index);
              expect(++running).toBeLessThanOrEqual(concurrency);
              for (let turn = 0; turn < count; turn++) await Promise.resolve();
              running--;
            }, never),
          ),
        );
        expect(begun).toEqual(turns.map((_, index) => index));
        expect(queue.busy).toBe(false);
      },
    ),
  );
});

test("refuses a job when as many wait as may, and still runs those", async () => {
  const queue = new Queue(1, 1);
  const { open, opened } = gate();
  const first = queue.run(() => opened, never);
  const second = queue.run(async () => "second", never);
  await expect(queue.run(async () => "third", never)).rejects.toBeInstanceOf(QueueFull);
  open();
  await first;
  expect(await second).toBe("second");
});

test("never begins a job that is aborted while it waits, and frees its place", async () => {
  const queue = new Queue(1, 1);
  const { open, opened } = gate();
  const first = queue.run(() => opened, never);
  const abort = new AbortController();
  let begun = false;
  const waiting = queue.run(async () => {
    begun = true;
  }, abort.signal);
  abort.abort(new Error("gone"));
  await expect(waiting).rejects.toThrow("gone");
  const next = queue.run(async () => "next", never);
  open();
  await first;
  expect(await next).toBe("next");
  expect(begun).toBe(false);
});

test("frees the place when a job throws", async () => {
  const queue = new Queue(1, 0);
  await expect(queue.run(() => Promise.reject(new Error("broken")), never)).rejects.toThrow("broken");
  expect(await queue.run(async () => 1, never)).toBe(1);
});
