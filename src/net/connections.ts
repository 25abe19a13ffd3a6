/**
 * The place of a task among those that wait for a slot: lower numbers go first, equal ones in the order of the calls.
 * `finishing` is the place of a task with which something is done: one at a time of these goes before all others, and
 * the rest go after them. `short` tasks, which take milliseconds, go before any.
 */
export type Place = number | "finishing" | "short";

/**
 * Runs a task as soon as a slot is free. Resolves or rejects as the task does.
 *
 * @param signal ends the wait for a slot: rejects with its reason, and the task does not begin
 * @param place 0 where absent
 */
export type Limiter = <T>(task: () => Promise<T>, signal?: AbortSignal, place?: Place) => Promise<T>;

/**
 * Outgoing connections that one run opens at a time. Cloudflare lets six wait for response headers, KV and R2 included,
 * and queues the seventh (docs/reference/platform.md, "Limits of Cloudflare Workers"). The sixth is kept for cancels.
 */
export const CONNECTIONS = 5;

/**
 * Turns of the microtask queue for which a free slot waits. A call's end makes the next call of its entity ready some
 * 40 turns later, without waiting for anything; a task that began at once would take its slot. Takes microseconds.
 */
const SETTLING_TURNS = 100;

/** A task that waits for a slot. */
interface Waiting {
  readonly place: Place;
  /** Begins it. */
  readonly take: () => void;
}

/**
 * Limits how many tasks run at a time. A task frees its slot when it ends, failed or not. Tasks that are given at the
 * same moment begin in the order of their places, also where slots are free.
 */
export function createLimiter(slots: number = CONNECTIONS): Limiter {
  const waiting: Waiting[] = [];
  let free = slots;
  let finishing = 0;
  let isScheduled = false;

  const begin = () => {
    isScheduled = false;
    while (free > 0 && waiting.length > 0) {
      const [next] = waiting.splice(nextOf(waiting, finishing), 1);
      free--;
      if (next?.place === "finishing") finishing++;
      next?.take();
    }
  };
  const schedule = async () => {
    if (isScheduled) return;
    isScheduled = true;
    for (let turns = 0; turns < SETTLING_TURNS; turns++) await null;
    begin();
  };
  /** Resolves when a slot is free, and takes it. */
  const slot = (place: Place, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason);
      const abort = () => {
        waiting.splice(waiting.indexOf(entry), 1);
        reject(signal?.reason);
      };
      const take = () => {
        signal?.removeEventListener("abort", abort);
        resolve();
      };
      const entry = { place, take };
      waiting.push(entry);
      signal?.addEventListener("abort", abort, { once: true });
      schedule();
    });
  return async (task, signal, place = 0) => {
    await slot(place, signal);
    try {
      return await task();
    } finally {
      free++;
      if (place === "finishing") finishing--;
      schedule();
    }
  };
}

/** The index of the task that begins next. */
function nextOf(waiting: readonly Waiting[], finishing: number): number {
  const short = waiting.findIndex(({ place }) => place === "short");
  if (short >= 0) return short;
  const goesFirst = waiting.findIndex(({ place }) => place === "finishing");
  if (goesFirst >= 0 && finishing === 0) return goesFirst;
  const places = waiting.map(({ place }) => (typeof place === "number" ? place : Number.POSITIVE_INFINITY));
  return places.indexOf(Math.min(...places));
}
