/** How a call to a model can go wrong. */
export type StageErrorCode =
  | "network"
  | "timeout"
  | "canceled"
  | "busy"
  | "rate_limited"
  | "not_ready"
  | "unauthorized"
  | "rejected"
  | "failed"
  | "refused"
  | "truncated"
  | "unfinished"
  | "unreadable"
  | "invalid_output"
  | "http_error"
  | "not_configured"
  | "invalid_picture"
  | "picture_too_many_pixels";

/** The codes that the same call, sent again a little later, may not meet again. */
const RETRYABLE: ReadonlySet<StageErrorCode> = new Set(["network", "busy", "rate_limited", "not_ready", "unfinished", "unreadable"]);

/**
 * A call to a model that gave no usable answer. `detail` completes "the model …" and may be shown to the caller: it holds nothing that
 * the model itself said, because that may quote the post.
 */
export class StageError extends Error {
  readonly code: StageErrorCode;
  readonly detail: string;
  readonly retryable: boolean;
  /** Milliseconds to wait before the next try, where the provider said so. */
  readonly retryAfterMs: number | null;

  constructor(code: StageErrorCode, detail: string, retryable: boolean = RETRYABLE.has(code), retryAfterMs: number | null = null) {
    super(`${code}: ${detail}`);
    this.name = "StageError";
    this.code = code;
    this.detail = detail;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
  }
}
