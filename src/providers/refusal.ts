import { LIMITS } from "../../schemas/limits.ts";
import { ReplyTooLarge } from "../net/provider-fetch.ts";
import { retryAfterMs } from "../net/retry-after.ts";
import { ERROR_TEXT, pictureFault } from "./picture-fault.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";

/** Statuses with the meaning that model hosts agree on (docs/reference/hosted-models.md, "Errors and waiting"). */
const STATUSES: Readonly<Record<number, readonly [StageErrorCode, string]>> = {
  400: ["rejected", "rejected the request: invalid input (400)"],
  401: ["unauthorized", "rejected the request: invalid token (401)"],
  402: ["unauthorized", "rejected the request: payment required (402)"],
  403: ["unauthorized", "rejected the request: access denied (403)"],
  404: ["not_found", "rejected the request: model or version not found (404)"],
  413: ["rejected", "rejected the request: input too large (413)"],
  422: ["rejected", "rejected the request: invalid input (422)"],
  429: ["rate_limited", "rejected the request: rate limit reached (429)"],
  503: ["not_ready", "is not ready (503)"],
};

/** Statuses whose text is searched for a fault of the picture: many hosts answer 500 to one. */
const ON_INPUT: ReadonlySet<number> = new Set([400, 415, 422, 500]);

/** Statuses after which the same request may succeed later. */
const TRANSIENT: ReadonlySet<number> = new Set([408, 425, 429, 500, 502, 503, 504]);

const MOST_MIB = LIMITS.replyBytes / 1024 / 1024;

export { ERROR_TEXT };

/**
 * A response that is not a success, as a `StageError`.
 *
 * @param body the response's text, searched for a waiting time and a fault of the picture, and not kept
 * @param now Unix time in milliseconds
 */
export function refusal(
  { status, headers }: Pick<Response, "status" | "headers">,
  body: string,
  now: number,
): StageError {
  const fault = ON_INPUT.has(status) ? pictureFault(body) : null;
  if (fault) return fault;
  const [code, detail] = STATUSES[status] ?? (["http_error", `answered HTTP ${status}`] as const);
  const retryable = TRANSIENT.has(status);
  return new StageError(code, detail, { retryable, retryAfterMs: retryable ? retryAfterMs(headers, body, now) : null });
}

/**
 * The error of a request whose response is missing or incomplete.
 *
 * @param error that ended it
 * @param begun whether a response had begun that was not an error: its work was probably charged
 */
export function unanswered(signal: AbortSignal, error: unknown, begun = false): StageError {
  if (signal.aborted) return canceledOrLate(signal);
  // It would be as large the next time.
  if (error instanceof ReplyTooLarge)
    return new StageError("invalid_output", `answered with more than ${MOST_MIB} MiB`);
  return new StageError("network", "cannot be reached, or broke off its answer", { charged: begun });
}

/** The error of an aborted call: a timeout when the deadline aborted it, else canceled. */
export function canceledOrLate({ reason }: AbortSignal): StageError {
  const late = reason instanceof DOMException && reason.name === "TimeoutError";
  return late ? new StageError("timeout", "did not answer in time") : new StageError("canceled", "was canceled");
}
