/**
 * Runs a task as soon as a slot is free, in the order of the calls. Resolves or rejects as the task does.
 *
 * @param signal ends the wait for a slot: rejects with its reason, and the task does not begin
 */
export type Limiter = <T>(task: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/**
 * Outgoing connections that one run opens at a time. Cloudflare lets six wait for response headers, KV and R2 included,
 * and queues the seventh (docs/reference/platform.md, "Limits of Cloudflare Workers"). The sixth is kept for cancels.
 */
export const CONNECTIONS = 5;

/** Limits how many tasks run at a time. A task frees its slot when it ends, failed or not. */
export function createLimiter(slots: number = CONNECTIONS): Limiter {
  const waiting: Array<() => void> = [];
  let free = slots;
  /** Resolves when a slot is free, and takes it. */
  const slot = (signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        waiting.splice(waiting.indexOf(take), 1);
        reject(signal?.reason);
      };
      function take() {
        signal?.removeEventListener("abort", abort);
        resolve();
      }
      waiting.push(take);
      signal?.addEventListener("abort", abort, { once: true });
    });
  return async (task, signal) => {
    signal?.throwIfAborted();
    if (free > 0) free--;
    else await slot(signal);
    try {
      return await task();
    } finally {
      const next = waiting.shift();
      if (next) next();
      else free++;
    }
  };
}
