import type { Log } from "./observe/log.ts";
import type { Trace } from "./observe/tracing.ts";

/**
 * Access to the outside world, except the network. Tests inject a runtime with a clock and chance that they control.
 */
export interface Runtime {
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  /** Resolves after this number of milliseconds; rejects with the signal's reason as soon as it aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** A signal that aborts with a `TimeoutError` after this number of milliseconds. */
  readonly timer: (milliseconds: number) => AbortSignal;
  /** A random number from 0 to before 1. */
  readonly chance: () => number;
  /** `length` random bytes of cryptographic quality, for identifiers that nobody may guess. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** Writes one structured line. */
  readonly log: Log;
  /** Does work in a span of the platform's trace. */
  readonly trace: Trace;
}
