/** One call of a plan, and the calls by their place in the plan that must have ended before it. */
export interface PlannedCall {
  readonly model: string;
  readonly after: readonly number[];
}

/** Calls in the order of their start, and how many run at a time. */
export interface Plan {
  readonly calls: readonly PlannedCall[];
  readonly connections: number;
}

/** Makes every call of a plan as soon as it may start and a connection is free, in the plan's order. */
export function replay({ calls, connections }: Plan, ask: (model: string) => Promise<void>): Promise<void> {
  const ended = new Set<number>();
  const waiting = new Set(calls.keys());
  let free = connections;
  return new Promise((resolve, reject) => {
    const startReady = () => {
      if (ended.size === calls.length) return resolve();
      for (const place of waiting) {
        const call = calls[place];
        if (free === 0 || !call) return;
        if (!call.after.every((earlier) => ended.has(earlier))) continue;
        waiting.delete(place);
        free--;
        ask(call.model).then(() => {
          free++;
          ended.add(place);
          startReady();
        }, reject);
      }
    };
    startReady();
  });
}
