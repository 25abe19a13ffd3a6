import { CaptionCache } from "../../src/storage/caption-cache.ts";
import { ExpansionCache } from "../../src/storage/expansion-cache.ts";
import { KvEntries } from "../../src/storage/kv-entries.ts";

/** The operations of KV that are used, in memory: JSON by key, and the keys of each reading and writing in order. */
export function memoryKv() {
  const values = new Map<string, string>();
  const [reads, writes]: [string[][], string[]] = [[], []];
  const kv = {
    get: async (keys: string[]) => {
      reads.push(keys);
      return new Map(keys.map((key) => [key, JSON.parse(values.get(key) ?? "null") as unknown]));
    },
    put: async (key: string, value: string) => {
      writes.push(key);
      values.set(key, value);
    },
  };
  return { kv: kv as unknown as KVNamespace, values, reads, writes };
}

/** The caches over KV in memory. */
export function memoryCaches(clock: () => number = () => 0) {
  const memory = memoryKv();
  const entries = new KvEntries(memory.kv, clock);
  return { ...memory, expansions: new ExpansionCache(entries, clock), captions: new CaptionCache(entries, clock) };
}
