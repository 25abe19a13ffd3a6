import { LIMITS } from "../../../schemas/limits.ts";

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000];

/** Waits before the second attempt, the third, and so on: those that Standard Webhooks names. */
const WAITS_MS = [5 * SECOND, 5 * MINUTE, 30 * MINUTE, 2 * HOUR, 5 * HOUR, 10 * HOUR, 14 * HOUR];

/** Most that is added to a wait, as a share of it: messages that failed together are not sent together again. */
const MOST_JITTER = 0.2;

/** Statuses with which a receiver may say how long to wait. */
const BUSY: ReadonlySet<number> = new Set([429, 503]);

/** The receiver wants no message any more. */
const GONE = 410;

/** What came of an attempt. */
export interface Outcome {
  /** Null without a response. */
  readonly status: number | null;
  /** How long the receiver asks to wait; null where it does not say. */
  readonly retryAfterMs: number | null;
}

/**
 * Milliseconds until the next attempt at a message that was not delivered; null to give up.
 *
 * @param attempts made so far, at least 1
 * @param chance a random number from 0 to before 1
 */
export function waitAfter(attempts: number, { status, retryAfterMs }: Outcome, chance: number): number | null {
  const wait = WAITS_MS[attempts - 1];
  if (wait === undefined || status === GONE) return null;
  const asked = status !== null && BUSY.has(status) ? (retryAfterMs ?? 0) : 0;
  const jittered = Math.ceil(wait * (1 + MOST_JITTER * chance));
  return Math.max(jittered, Math.min(asked, 1000 * LIMITS.webhookWaitSeconds));
}

/** Whether a receiver has taken a message. */
export function isTaken(status: number | null): boolean {
  return status !== null && status >= 200 && status < 300;
}
