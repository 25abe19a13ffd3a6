/** Before the key of an entry of KV, in the name of what a request left. All other names are keys of R2. */
const CACHE = "kv/";
/** Maximum keys of one deletion (developers.cloudflare.com/r2/api/workers/workers-api-reference, November 2026). */
const KEYS = 1_000;

/** The name of a cache entry that a request left. */
export function cacheName(key: string): string {
  return CACHE + key;
}

/** What requests left in R2 and KV, by its name. */
export class Leftovers {
  readonly #bucket: R2Bucket;
  readonly #kv: KVNamespace;

  constructor(bucket: R2Bucket, kv: KVNamespace) {
    this.#bucket = bucket;
    this.#kv = kv;
  }

  /** Deletes what the names say. What is gone already is no error. */
  async delete(names: readonly string[]): Promise<void> {
    const keys = names.filter((name) => !name.startsWith(CACHE));
    for (let first = 0; first < keys.length; first += KEYS) await this.#bucket.delete(keys.slice(first, first + KEYS));
    const entries = names.filter((name) => name.startsWith(CACHE)).map((name) => name.slice(CACHE.length));
    // A long post leaves hundreds, and each takes its time. The platform lets six of them go at once.
    await Promise.all(entries.map((entry) => this.#kv.delete(entry)));
  }
}
