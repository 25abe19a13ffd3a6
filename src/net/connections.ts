/** Runs work as soon as one of its places is free, first come first served. */
export type Limiter = <T>(work: () => Promise<T>) => Promise<T>;

/**
 * Outgoing connections of one request. The platform lets six wait for headers at a time, KV and R2 included, and queues
 * the seventh (developers.cloudflare.com/workers/platform/limits); the sixth stays free.
 */
export const CONNECTIONS = 5;

/** At most `places` works at a time. A work that fails gives its place back. */
export function createLimiter(places: number = CONNECTIONS): Limiter {
  const waiting: Array<() => void> = [];
  let free = places;
  return async (work) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await work();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
