import type { NeededCall } from "./plan.ts";

/** When each call starts, in milliseconds, and when the last one ends. */
export interface Schedule {
  readonly starts: readonly number[];
  readonly end: number;
}

/** A rank of each call; the lowest goes first. */
type Ranks = readonly number[];

/**
 * The shortest schedule of calls with so many connections that list scheduling finds: each call takes some time, and
 * whenever a connection is free, the ready call with the longest work behind it starts. For calls of one length that
 * form a tree it is the optimum (T. C. Hu, "Parallel Sequencing and Assembly Line Problems", 1961); for others some
 * further orders are tried.
 */
export function scheduleCalls(calls: readonly NeededCall[], connections: number): Schedule {
  const tails = tailsOf(calls);
  const byTail = calls.map((_, place) => -(tails[place] ?? 0));
  const inOrder = calls.map((_, place) => place);
  const longestFirst = calls.map(({ ms }) => -ms);
  const shortestFirst = calls.map(({ ms }) => ms);
  const found = [byTail, inOrder, longestFirst, shortestFirst].map((ranks) => listSchedule(calls, connections, ranks));
  return found.reduce((best, schedule) => (schedule.end < best.end ? schedule : best));
}

/** The longest chain of calls that need each other, in milliseconds: no schedule is shorter. */
export function criticalPath(calls: readonly NeededCall[]): number {
  return Math.max(0, ...tailsOf(calls));
}

/** A call's own time and the longest work that waits for it. Calls stand behind those that they need. */
function tailsOf(calls: readonly NeededCall[]): number[] {
  const tails = calls.map(({ ms }) => ms);
  for (let place = calls.length - 1; place >= 0; place--) {
    for (const earlier of calls[place]?.after ?? []) {
      tails[earlier] = Math.max(tails[earlier] ?? 0, (calls[earlier]?.ms ?? 0) + (tails[place] ?? 0));
    }
  }
  return tails;
}

function listSchedule(calls: readonly NeededCall[], connections: number, ranks: Ranks): Schedule {
  const starts = calls.map(() => Number.NaN);
  const ends = calls.map(() => Number.POSITIVE_INFINITY);
  const open = [...calls.keys()].sort((a, b) => (ranks[a] ?? 0) - (ranks[b] ?? 0) || a - b);
  for (let now = 0; open.length > 0; ) {
    const running = calls.flatMap(({ model }, place) =>
      (starts[place] ?? 0) <= now && (ends[place] ?? 0) > now ? [model] : [],
    );
    for (const place of [...open]) {
      const call = calls[place];
      if (!call || running.length === connections) break;
      const isReady = call.after.every((earlier) => (ends[earlier] ?? Infinity) <= now);
      if (!isReady || (call.one && running.includes(call.model))) continue;
      open.splice(open.indexOf(place), 1);
      starts[place] = now;
      ends[place] = now + call.ms;
      running.push(call.model);
    }
    now = Math.min(...ends.filter((end) => end > now), Number.MAX_VALUE);
  }
  return { starts, end: Math.max(0, ...ends) };
}

/** The calls in the order of their start, with their places renamed to match. */
export function inStartOrder(calls: readonly NeededCall[], { starts }: Schedule): NeededCall[] {
  const order = [...calls.keys()].sort((a, b) => (starts[a] ?? 0) - (starts[b] ?? 0) || a - b);
  return order.flatMap((place) => {
    const call = calls[place];
    return call ? [{ ...call, after: call.after.map((earlier) => order.indexOf(earlier)) }] : [];
  });
}
