import { LIMITS } from "../../schemas/limits.ts";

/**
 * Maximum keys of one reading operation (developers.cloudflare.com/kv/api/read-key-value-pairs, November 2026).
 */
const KEYS = 100;
/**
 * Least time between two writes of one key, in milliseconds (docs/reference/platform.md, "Limits of Cloudflare
 * Workers").
 */
const BETWEEN_WRITES_MS = 1_000;

/** JSON values in KV that are kept for `LIMITS.expansionCacheSeconds`. */
export class KvEntries {
  readonly #kv: KVNamespace;
  readonly #clock: () => number;
  /** When each key was last written by this isolate, oldest first. */
  readonly #written = new Map<string, number>();

  /** @param clock Unix time in milliseconds */
  constructor(kv: KVNamespace, clock: () => number) {
    this.#kv = kv;
    this.#clock = clock;
  }

  /** The value of each key, in their order; null for a miss. One KV operation for 100 different keys. */
  async get(keys: readonly string[]): Promise<unknown[]> {
    const different = [...new Set(keys)];
    const found = new Map<string, unknown>();
    for (let first = 0; first < different.length; first += KEYS) {
      const some = await this.#kv.get<unknown>(different.slice(first, first + KEYS), "json");
      for (const [key, value] of some) found.set(key, value);
    }
    return keys.map((key) => found.get(key) ?? null);
  }

  /**
   * Keeps a value. It is skipped when this isolate wrote the key within the last second: KV would refuse it, and what
   * is kept under one key answers one question.
   */
  async put(key: string, value: unknown): Promise<void> {
    const now = this.#clock();
    for (const [written, at] of this.#written) {
      if (at <= now && now - at < BETWEEN_WRITES_MS) break;
      this.#written.delete(written);
    }
    if (this.#written.has(key)) return;
    this.#written.set(key, now);
    await this.#kv.put(key, JSON.stringify(value), { expirationTtl: LIMITS.expansionCacheSeconds });
  }
}
