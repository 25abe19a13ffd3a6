import fc from "fast-check";
import { expect, test } from "vitest";
import { createLimiter, type Place } from "../../../src/net/connections.ts";

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
  const { promise, resolve: free } = Promise.withResolvers<void>();
  const held = limit(() => promise);
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

test("tasks given together begin by their places, and one finishing task at a time goes before all others", async () => {
  const limit = createLimiter(2);
  const order: string[] = [];
  const ends = new Map<string, () => void>();
  const task = (name: string, place: Place) => {
    const work = () => {
      order.push(name);
      return new Promise<void>((resolve) => ends.set(name, resolve));
    };
    return limit(work, undefined, place);
  };
  const end = async (name: string) => {
    ends.get(name)?.();
    await new Promise((resolve) => setImmediate(resolve));
  };
  const all = [task("judge 0", 0), task("judge 1", 1), task("judge 2", 2), task("ground 0", 0), task("ground 1", 1)];
  await new Promise((resolve) => setImmediate(resolve));
  expect(order).toEqual(["judge 0", "ground 0"]);
  all.push(task("mask 0", "finishing"), task("mask 1", "finishing"));
  await end("judge 0");
  await end("ground 0");
  expect(order.slice(2)).toEqual(["mask 0", "judge 1"]);
  await end("mask 0");
  expect(order.slice(4)).toEqual(["mask 1"]);
  for (const name of ["mask 1", "judge 1", "ground 1", "judge 2"]) await end(name);
  await Promise.all(all);
  expect(order.slice(5)).toEqual(["ground 1", "judge 2"]);
});

test("a short task begins before all that wait", async () => {
  const limit = createLimiter(1);
  const { promise, resolve: free } = Promise.withResolvers<void>();
  const order: string[] = [];
  const held = limit(() => promise);
  const others = (["finishing", 0, "short"] as const).map((place) =>
    limit(async () => void order.push(String(place)), undefined, place),
  );
  free();
  await Promise.all([held, ...others]);
  expect(order).toEqual(["short", "finishing", "0"]);
});
