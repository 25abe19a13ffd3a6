import { untilAborted } from "../resilience/until-aborted.ts";
import { canceledOrLate } from "./refusal.ts";

/** Settles as the work does, or rejects with a `StageError` as soon as the signal aborts. The work itself goes on. */
export function answeredUntilAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return untilAborted(work, signal).catch((error: unknown) => {
    throw signal.aborted && error === signal.reason ? canceledOrLate(signal) : error;
  });
}
