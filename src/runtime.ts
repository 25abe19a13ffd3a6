import type { Log } from "./observe/log.ts";

/**
 * What code takes from the outside world besides the network. Tests inject a runtime whose clock and chance they
 * control.
 */
export interface Runtime {
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  /** Resolves after so many milliseconds; rejects with the signal's reason as soon as it aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** A random number from 0 to before 1. */
  readonly chance: () => number;
  /** So many random bytes, fit for identifiers that nobody may guess. */
  readonly randomBytes: (length: number) => Uint8Array;
  /** Writes one structured line. */
  readonly log: Log;
}
