import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { gather } from "../../../src/pipeline/gather.ts";

/** Calls that end when the test says so. */
function calls() {
  const asked: number[][] = [];
  const ends: Array<() => void> = [];
  let running = 0;
  let most = 0;
  const ask = (items: readonly number[]) => {
    asked.push([...items]);
    most = Math.max(most, ++running);
    return new Promise<void>((resolve) =>
      ends.push(() => {
        running--;
        resolve();
      }),
    );
  };
  return { asked, ends, ask, most: () => most };
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve));
const Contributions = fc.array(fc.array(fc.nat(99), { maxLength: 4 }), { maxLength: 12 });

describe("gather", () => {
  test("asks about every item once, in order, in calls that are full unless they are the last", async () => {
    const Batch = fc.constantFrom(1, 2, 3, 25, Infinity);
    await fc.assert(
      fc.asyncProperty(Contributions, Batch, fc.constantFrom(1, Infinity), async (parts, batch, callsAtATime) => {
        const { asked, ends, ask, most } = calls();
        const { add, done } = gather({ contributions: parts.length, batch, callsAtATime, ask });
        for (const part of parts) {
          add(part);
          await settled();
        }
        for (let end = 0; end < ends.length; end++) {
          ends[end]?.();
          await settled();
        }
        await done;
        expect(asked.flat()).toEqual(parts.flat());
        const isFull = ({ length }: number[]) => length > 0 && length % batch === 0;
        expect(asked.slice(0, -1).every(isFull)).toBe(true);
        expect(most()).toBeLessThanOrEqual(callsAtATime);
        if (batch === Infinity) expect(asked.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 200 },
    );
  });

  test("asks a model of one item at once", async () => {
    const { asked, ask } = calls();
    const { add } = gather({ contributions: 2, batch: 1, callsAtATime: Infinity, ask });
    add([1, 2]);
    await settled();
    expect(asked).toEqual([[1, 2]]);
  });

  test("keeps one call in flight, and sends the next when it ends", async () => {
    const { asked, ends, ask } = calls();
    const { add } = gather({ contributions: 2, batch: 2, callsAtATime: 1, ask });
    add([1, 2, 3]);
    add([4]);
    await settled();
    expect(asked).toEqual([[1, 2]]);
    ends[0]?.();
    await settled();
    expect(asked).toEqual([
      [1, 2],
      [3, 4],
    ]);
  });

  test("counts several contributions of one addition", async () => {
    const { asked, ends, ask } = calls();
    const { add, done } = gather({ contributions: 3, batch: Infinity, callsAtATime: 1, ask });
    add([1], 2);
    await settled();
    expect(asked).toEqual([]);
    add([2]);
    await settled();
    ends[0]?.();
    await done;
    expect(asked).toEqual([[1, 2]]);
  });

  test("rejects as a call does, and ends at once when nothing will come", async () => {
    const failing = gather({
      contributions: 1,
      batch: 1,
      callsAtATime: 1,
      ask: () => Promise.reject(new Error("down")),
    });
    failing.add([1]);
    await expect(failing.done).rejects.toThrow("down");
    await gather({ contributions: 0, batch: 1, callsAtATime: 1, ask: async () => undefined }).done;
  });
});
