/** What a stage is asked about, as it becomes ready. */
export interface Gathering<Item> {
  /**
   * Adds items that are ready.
   *
   * @param contributions how many of the expected contributions this was; one where absent
   */
  add(items: readonly Item[], contributions?: number): void;
  /** Resolves when every contribution was made and every call has ended. Rejects as a call does. */
  readonly done: Promise<void>;
}

export interface GatherOptions<Item> {
  /** How many contributions will be made. */
  readonly contributions: number;
  /** Items of a full call, at least 1; `Infinity` for no limit. */
  readonly batch: number;
  /** Calls that may run at a time. */
  readonly callsAtATime: number;
  /** Makes the calls for some items. Gets whole batches, except when no more items can come. */
  readonly ask: (items: readonly Item[]) => Promise<void>;
}

/**
 * Gathers items for a stage's calls. A call is made as soon as it is full, or when no more items can come. A model that
 * takes one item is therefore asked about each at once, and a model that takes many is asked once about all.
 *
 * @example
 *   const { add, done } = gather({ contributions: 2, batch: 1, callsAtATime: Infinity, ask });
 *   add(["a"]); // asked about "a"
 *   add([]);
 *   await done;
 */
export function gather<Item>({ contributions, batch, callsAtATime, ask }: GatherOptions<Item>): Gathering<Item> {
  const { promise: done, resolve, reject } = Promise.withResolvers<void>();
  // Whoever gathers may stop to wait: the rejection is then seen by nobody.
  done.catch(() => undefined);
  let waiting: readonly Item[] = [];
  let open = contributions;
  let running = 0;
  let scheduled = false;

  const send = () => {
    scheduled = false;
    while (running < callsAtATime && waiting.length > 0) {
      const full = Number.isFinite(batch) ? waiting.length - (waiting.length % batch) : 0;
      const ready = open <= 0 ? waiting.length : full;
      const count = callsAtATime === Infinity ? ready : Math.min(ready, batch);
      if (count === 0) break;
      const items = waiting.slice(0, count);
      waiting = waiting.slice(count);
      running++;
      ask(items).then(ended, reject);
    }
    if (open <= 0 && running === 0) resolve();
  };
  const ended = () => {
    running--;
    send();
  };
  const schedule = () => {
    if (scheduled) return;
    scheduled = true;
    // Items that become ready together go into one call.
    queueMicrotask(send);
  };
  if (open === 0) schedule();
  return {
    add(items, made = 1) {
      open -= made;
      waiting = [...waiting, ...items];
      schedule();
    },
    done,
  };
}
