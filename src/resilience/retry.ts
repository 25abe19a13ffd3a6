/** The facts about a failed attempt on which the retry policy depends. */
export interface Failure {
  /** Whether the same call may succeed when it is sent again. */
  readonly retryable: boolean;
  /** Milliseconds that the server asked us to wait; null when it did not say. */
  readonly retryAfterMs: number | null;
  /** Whether nothing reached the server, as while it starts again. */
  readonly unreached?: boolean;
  /** Whether the server is starting what has to answer. */
  readonly starting?: boolean;
  /** Whether the work was probably done and charged, although its result was lost. */
  readonly charged?: boolean;
}

/** Attempts when the server does not say when to retry. Set by hand: short outages rarely outlast the third attempt. */
const ATTEMPTS = 3;
/** Attempts when the server says when to retry, for example while it starts a model. */
const ATTEMPTS_WITH_HINT = 10;
/**
 * Attempts at a server that cannot be reached, where no other model can be asked. Set by hand: a host that starts again
 * takes some seconds.
 */
const ATTEMPTS_ALONE = 6;
/** Attempts at work that is charged each time. */
const ATTEMPTS_CHARGED = 2;
/**
 * Least wait for a server that is starting, where the caller has minutes. Set by hand: short beside a boot of minutes.
 */
const STARTING_MS = 5_000;
/** Upper bound of the first wait; each further bound is twice the one before. */
const FIRST_WAIT_MS = 400;
/**
 * Most that is added to the time that the server asked for: half of it, and no more than this. Set by hand: long enough
 * to spread the callers of a busy host, short beside a request's deadline.
 */
const MOST_HINT_JITTER_MS = 2_000;

/**
 * Milliseconds to wait before the next attempt; null to give up. Waits are exponential with full jitter, so that calls
 * that failed together are not repeated together (Brooker, "Exponential Backoff and Jitter", AWS Architecture Blog,
 * 2015). A server that says when to retry tells all its callers the same, so the wait is that long plus a random part.
 *
 * @param attempts made so far, at least 1
 * @param chance a random number from 0 to before 1
 * @param isLast whether no other model can be asked
 * @param isPatient whether the caller has minutes: a server that is starting is then asked without an end
 */
export function waitBefore(
  attempts: number,
  failure: Failure,
  chance: number,
  isLast = false,
  isPatient = false,
): number | null {
  if (!failure.retryable) return null;
  if (isPatient && failure.starting && !failure.charged)
    return Math.round(Math.max(failure.retryAfterMs ?? 0, STARTING_MS) + (chance * STARTING_MS) / 2);
  if (attempts >= mostAttempts(failure, isLast)) return null;
  const hint = failure.retryAfterMs ?? 0;
  const hinted = hint + chance * Math.min(hint / 2, MOST_HINT_JITTER_MS);
  return Math.round(Math.max(hinted, chance * FIRST_WAIT_MS * 2 ** (attempts - 1)));
}

function mostAttempts({ retryAfterMs, unreached, charged }: Failure, isLast: boolean): number {
  if (charged) return ATTEMPTS_CHARGED;
  if (retryAfterMs !== null) return ATTEMPTS_WITH_HINT;
  return unreached && isLast ? ATTEMPTS_ALONE : ATTEMPTS;
}
