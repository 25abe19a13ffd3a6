/** The facts about a failed attempt on which the retry policy depends. */
export interface Failure {
  /** Whether the same call may succeed when it is sent again. */
  readonly retryable: boolean;
  /** Milliseconds that the server asked us to wait; null when it did not say. */
  readonly retryAfterMs: number | null;
}

/** Attempts when the server does not say when to retry. Set by hand: short outages rarely outlast the third attempt. */
const ATTEMPTS = 3;
/** Attempts when the server says when to retry, for example while it starts a model. */
const ATTEMPTS_WITH_HINT = 10;
/** Upper bound of the first wait; each further bound is twice the one before. */
const FIRST_WAIT_MS = 400;

/**
 * Milliseconds to wait before the next attempt; null to give up. Waits are exponential with full jitter, so that calls
 * that failed together are not repeated together (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog,
 * 2015), and at least as long as the server asked for.
 *
 * @param attempts made so far, at least 1
 * @param chance a random number from 0 to before 1
 */
export function waitBefore(attempts: number, { retryable, retryAfterMs }: Failure, chance: number): number | null {
  if (!retryable || attempts >= (retryAfterMs === null ? ATTEMPTS : ATTEMPTS_WITH_HINT)) return null;
  return Math.max(retryAfterMs ?? 0, Math.round(chance * FIRST_WAIT_MS * 2 ** (attempts - 1)));
}
