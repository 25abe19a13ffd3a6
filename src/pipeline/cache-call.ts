import { describeError } from "../observe/log.ts";
import { cacheName } from "../storage/leftovers.ts";
import type { Run } from "./run.ts";

/**
 * Reads a cache. One that cannot be read, or not in time, counts as empty, and so does every cache of a post that may
 * not be stored.
 *
 * @param name of what it keeps, for the log
 * @param options `signal` ends the reading; null where it goes on behind the answer. `always` reads for a post that may
 *   not be stored as well: what is kept is not of posts
 */
export async function readCache<T>(
  name: string,
  read: () => Promise<T>,
  empty: T,
  run: Run,
  { signal = run.signal, always = false }: { signal?: AbortSignal | null; always?: boolean } = {},
): Promise<T> {
  if (!run.store && !always) return empty;
  try {
    return await run.atStore(read, signal ?? undefined);
  } catch (error) {
    run.deployment.log({ event: `${name}_cache_unreadable`, ...describeError(error) });
    return empty;
  }
}

/**
 * Writes to a cache, unless the post may not be stored. A cache that cannot be written is left as it is.
 *
 * @param key of the entry
 */
export async function writeCache(name: string, key: string, write: () => Promise<void>, run: Run): Promise<void> {
  if (!run.store) return;
  run.left.add(cacheName(key));
  try {
    await run.atStore(write);
  } catch (error) {
    run.deployment.log({ event: `${name}_cache_unwritable`, ...describeError(error) });
  }
}
