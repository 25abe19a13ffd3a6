import type { Limiter } from "../net/connections.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Runtime } from "../runtime.ts";

/**
 * Does work at KV or R2. Rejects with a `TimeoutError` when the work has not settled in time, the wait for a connection
 * included: every answer can do without the stores. Work whose time is over before it has a connection does not begin.
 *
 * @param signal rejects earlier, with its reason
 */
export type StoreCall = <T>(work: () => Promise<T>, signal?: AbortSignal) => Promise<T>;

/**
 * Creates the store calls of one run. A call that hangs gives its connection back when its time is over.
 *
 * @param limit of the run's connections
 * @param milliseconds that one call may take
 */
export function createStoreCall(limit: Limiter, milliseconds: number, timer: Runtime["timer"]): StoreCall {
  return (work, signal) => {
    const timeout = timer(milliseconds);
    const over = signal ? AbortSignal.any([signal, timeout]) : timeout;
    const storing = async () => {
      over.throwIfAborted();
      return untilAborted(work(), over);
    };
    const calling = limit(storing, undefined, "short");
    return untilAborted(calling, over);
  };
}
