import fc from "fast-check";
import { expect, test } from "vitest";
import { createLimiter } from "../../../src/net/connections.ts";

test("createLimiter runs at most so many tasks at a time, in order, and frees a slot when one fails", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 5 }),
      fc.array(fc.boolean(), { maxLength: 20 }),
      async (slots, fails) => {
        const limit = createLimiter(slots);
        let running = 0;
        const order: number[] = [];
        await Promise.allSettled(
          fails.map((fail, index) =>
            limit(async () => {
              order.push(index);
              expect(++running).toBeLessThanOrEqual(slots);
              await Promise.resolve();
              running--;
              if (fail) throw new Error("down");
            }),
          ),
        );
        expect(order).toEqual(fails.map((_, index) => index));
        expect(running).toBe(0);
      },
    ),
  );
});

test("a task whose signal has aborted does not begin, also where a slot is free", async () => {
  const limit = createLimiter(1);
  let begun = 0;
  const task = limit(async () => ++begun, AbortSignal.abort(new Error("late")));
  await expect(task).rejects.toThrow("late");
  expect([await limit(async () => "next"), begun]).toEqual(["next", 0]);
});

test("a wait for a slot ends when its signal aborts, and the others keep their order", async () => {
  const limit = createLimiter(1);
  let free = () => {};
  const held = limit(() => new Promise<void>((resolve) => (free = resolve)));
  const order: string[] = [];
  const waiting = new AbortController();
  const [first, second, third] = ["first", "second", "third"].map((name) =>
    limit(async () => void order.push(name), name === "second" ? waiting.signal : undefined),
  );
  waiting.abort(new Error("too late"));
  await expect(second).rejects.toThrow("too late");
  await expect(limit(async () => void order.push("never"), waiting.signal)).rejects.toThrow("too late");
  free();
  await Promise.all([held, first, third]);
  expect(order).toEqual(["first", "third"]);
});
