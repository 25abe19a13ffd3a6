import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KvEntries } from "../../../src/storage/kv-entries.ts";
import { memoryKv } from "../../support/memory-caches.ts";

describe("KvEntries", () => {
  test("reads 100 different keys in one operation, and answers in the order asked, a key twice, null for a miss", async () => {
    const { kv, reads } = memoryKv();
    const entries = new KvEntries(kv, () => 0);
    await entries.put("k1", { a: 1 });
    const keys = [...Array.from({ length: 150 }, (_, index) => `k${index}`), "k1"];
    const found = await entries.get(keys);
    expect(found.map((value) => value !== null)).toEqual(keys.map((key) => key === "k1"));
    expect(reads.map(({ length }) => length)).toEqual([100, 50]);
    expect(await entries.get([])).toEqual([]);
    expect(reads).toHaveLength(2);
  });

  test("writes a key at most once a second, whatever the writes and the clock", async () => {
    const write = fc.record({ key: fc.constantFrom("a", "b", "c"), later: fc.integer({ min: -500, max: 1_500 }) });
    await fc.assert(
      fc.asyncProperty(fc.array(write, { maxLength: 30 }), async (steps) => {
        let now = 10_000;
        const { kv } = memoryKv();
        const made: Array<{ key: string; at: number }> = [];
        const entries = new KvEntries(
          { ...kv, put: async (key: string) => void made.push({ key, at: now }) } as never,
          () => now,
        );
        for (const { key, later } of steps) {
          now += Math.max(0, later);
          const last = made.findLast((one) => one.key === key);
          const { length } = made;
          await entries.put(key, 1);
          expect(made.length - length).toBe(!last || now - last.at >= 1_000 ? 1 : 0);
        }
      }),
    );
  });

  test("writes again when the clock was set back, and passes on why a write failed", async () => {
    let now = 5_000;
    const { kv, writes } = memoryKv();
    const entries = new KvEntries(kv, () => now);
    await entries.put("a", 1);
    now = 1_000;
    await entries.put("a", 2);
    expect(writes).toEqual(["a", "a"]);
    const down = { put: () => Promise.reject(new Error("KV is down")) } as unknown as KVNamespace;
    await expect(new KvEntries(down, () => 0).put("a", 1)).rejects.toThrow("KV is down");
  });
});
