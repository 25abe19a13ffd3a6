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
