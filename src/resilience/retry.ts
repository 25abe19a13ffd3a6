/** What is known of a failure. */
export interface Failure {
  /** Whether the same call, sent again a little later, may go well. */
  readonly retryable: boolean;
  /** Milliseconds to wait, where the other side said so. */
  readonly retryAfterMs: number | null;
}

/**
 * Tries in all where the other side does not say when to come back; set by hand: most stumbles are over by the third.
 */
const TRIES = 3;
/** Tries in all where it does: a model that boots says so for as long as it takes. */
const PATIENT_TRIES = 10;
/** The first wait is at most so long; each further one at most twice as long as the one before. */
const FIRST_WAIT_MS = 400;

/**
 * Milliseconds to wait before the next try; null to give up. What the other side asked for is obeyed; otherwise full
 * jitter, so that many who failed together do not come back together (Brooker, "Exponential backoff and jitter", 2015).
 *
 * @param tries made so far
 * @param chance 0 to before 1
 */
export function waitBefore(tries: number, { retryable, retryAfterMs }: Failure, chance: number): number | null {
  if (!retryable || tries >= (retryAfterMs === null ? TRIES : PATIENT_TRIES)) return null;
  return Math.max(retryAfterMs ?? 0, Math.round(chance * FIRST_WAIT_MS * 2 ** (tries - 1)));
}
