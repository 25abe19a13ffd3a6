/** Runs a task as soon as a slot is free, in the order of the calls. Resolves or rejects as the task does. */
export type Limiter = <T>(task: () => Promise<T>) => Promise<T>;

/**
 * Outgoing connections that one run opens at a time. Cloudflare lets six wait for response headers, KV and R2 included,
 * and queues the seventh (docs/reference/platform.md, "Limits of Cloudflare Workers"). The sixth is kept for cancels.
 */
export const CONNECTIONS = 5;

/** Limits how many tasks run at a time. A task frees its slot when it ends, failed or not. */
export function createLimiter(slots: number = CONNECTIONS): Limiter {
  const waiting: Array<() => void> = [];
  let free = slots;
  return async (task) => {
    if (free > 0) free--;
    else await new Promise<void>((resolve) => waiting.push(resolve));
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
