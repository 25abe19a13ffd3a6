import { retryAfterMs } from "./retry-after.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";

/**
 * What the statuses mean that hosts of models give a meaning in common (reference: hosted-apis sections 1.4, 2.4, 5 and
 * 7).
 */
const STATUSES: Readonly<Record<number, readonly [StageErrorCode, string]>> = {
  400: ["rejected", "does not accept the input"],
  401: ["unauthorized", "refused our token"],
  402: ["unauthorized", "wants its account to be paid first"],
  403: ["unauthorized", "refused our token"],
  404: ["rejected", "does not know this model or version"],
  413: ["rejected", "does not take so large an input"],
  422: ["rejected", "does not accept the input"],
  429: ["rate_limited", "lets us ask no more often"],
  503: ["not_ready", "is not ready"],
};

/** Statuses after which the same call may go well. */
const PASSING: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

/**
 * An answer that is no success, as the error that it is.
 *
 * @param body what was said, read for a hint of when to come back and not kept
 * @param now Unix time in milliseconds
 */
export function refusal(
  { status, headers }: Pick<Response, "status" | "headers">,
  body: string,
  now: number,
): StageError {
  const [code, detail] = STATUSES[status] ?? (["http_error", `answered HTTP ${status}`] as const);
  const retryable = PASSING.has(status);
  return new StageError(code, detail, { retryable, retryAfterMs: retryable ? retryAfterMs(headers, body, now) : null });
}

/** A request that got no answer, or half of one. */
export function unanswered(signal: AbortSignal): StageError {
  return signal.aborted
    ? canceledOrLate(signal)
    : new StageError("network", "cannot be reached, or broke off its answer");
}

/** What an aborted call ended with: the deadline, or nobody waiting any more. */
export function canceledOrLate({ reason }: AbortSignal): StageError {
  const late = reason instanceof DOMException && reason.name === "TimeoutError";
  return late ? new StageError("timeout", "did not answer in time") : new StageError("canceled", "was not waited for");
}
