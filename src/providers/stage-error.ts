/** The ways in which a call to a model can fail. */
export type StageErrorCode =
  | "network"
  | "timeout"
  | "canceled"
  | "busy"
  | "rate_limited"
  | "not_ready"
  | "unauthorized"
  | "rejected"
  | "not_found"
  | "failed"
  | "refused"
  | "truncated"
  | "unfinished"
  | "unreadable"
  | "invalid_output"
  | "http_error"
  /** It works, and found nothing to answer with in what it was given. */
  | "nothing_found"
  | "invalid_picture"
  | "picture_too_many_pixels"
  /** It was not asked: the request does not allow what the call may cost. */
  | "over_budget"
  /** It was not asked: its last calls failed. */
  | "skipped";

/** Codes after which the same call may succeed a little later. */
const RETRYABLE: ReadonlySet<StageErrorCode> = new Set([
  "network",
  "busy",
  "rate_limited",
  "not_ready",
  "unfinished",
  "unreadable",
]);

/** Changes to the next attempt that a failed attempt asks for. Only the model file that asked for them reads them. */
export interface AttemptChanges {
  /** The model's reply, and its fault as a sentence for the model. May quote the post: never logged, never shown. */
  readonly repair?: { readonly reply: string; readonly complaint: string };
}

export interface StageErrorOptions {
  readonly retryable?: boolean;
  /** Milliseconds to wait before the next attempt, where the provider gave them. */
  readonly retryAfterMs?: number | null;
  /** Whether the work was probably done and charged, although its result was lost. */
  readonly charged?: boolean;
  /** Not null when the next attempt differs from this one; it is made at once. */
  readonly changes?: AttemptChanges | null;
}

/**
 * The error of a call to a model without a usable answer. `detail` completes the sentence "<entry> …" and may be shown
 * to the caller: it contains nothing of the model's reply, which may quote the post.
 *
 * @example throw new StageError("rate_limited", "rejected the request: rate limit reached (429)", { retryAfterMs: 1500
 * })
 */
export class StageError extends Error {
  readonly code: StageErrorCode;
  readonly detail: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly charged: boolean;
  readonly changes: AttemptChanges | null;

  /** Whether nothing reached the server, as while it starts again. */
  get unreached(): boolean {
    return this.code === "network" && !this.charged;
  }

  /** Whether the host is starting what has to answer. */
  get starting(): boolean {
    return this.code === "not_ready";
  }

  constructor(
    code: StageErrorCode,
    detail: string,
    {
      retryable = RETRYABLE.has(code),
      retryAfterMs = null,
      charged = code === "unreadable",
      changes = null,
    }: StageErrorOptions = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = "StageError";
    this.code = code;
    this.detail = detail;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.charged = charged;
    this.changes = changes;
  }
}
