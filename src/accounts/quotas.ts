import type { Plan } from "../../schemas/plans.ts";
import type { Database } from "../storage/database.ts";
import type { Quota } from "./calls.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** The windows in which requests were last counted, by the number of the minute and of the day since 1970, in UTC. */
export interface Windows {
  readonly minute: number;
  readonly minute_requests: number;
  readonly day: number;
  readonly day_requests: number;
}

/** What is left of a plan's quotas after `more` requests, the longest window last. */
export function quotasOf(plan: Plan, windows: Windows, now: number, more: number): Quota[] {
  const [minute, day] = windowsAt(windows, now);
  return [
    quota("minute", plan.minuteRequests, minute + more, MINUTE_MS, now),
    quota("day", plan.dayRequests, day + more, DAY_MS, now),
  ];
}

/** Counts a request that is admitted. */
export function countRequest(database: Database, windows: Windows, now: number): void {
  const [minute, day] = windowsAt(windows, now);
  database.run(
    "UPDATE account SET minute = ?, minute_requests = ?, day = ?, day_requests = ?",
    Math.floor(now / MINUTE_MS),
    minute + 1,
    Math.floor(now / DAY_MS),
    day + 1,
  );
}

/** Requests of the minute and of the day so far. */
function windowsAt({ minute, minute_requests, day, day_requests }: Windows, now: number): [number, number] {
  const isMinute = minute === Math.floor(now / MINUTE_MS);
  const isDay = day === Math.floor(now / DAY_MS);
  return [isMinute ? minute_requests : 0, isDay ? day_requests : 0];
}

function quota(name: Quota["name"], limit: number, used: number, windowMs: number, now: number): Quota {
  const reset = Math.ceil((windowMs - (now % windowMs)) / 1000);
  return { name, limit, window: windowMs / 1000, remaining: Math.max(0, limit - used), reset };
}
