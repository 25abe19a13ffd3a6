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
const RETRYABLE: ReadonlySet<StageErrorCode> = new Set([
  "network",
  "busy",
  "rate_limited",
  "not_ready",
  "unfinished",
  "unreadable",
]);

/**
 * What to ask instead of the same again, from then on. Opaque to whoever passes it on: only the model that asked for it
 * reads it.
 */
export interface Again {
  /** What the model said, and what was wrong with that. Holds its words: never logged, never shown. */
  readonly repair?: { readonly reply: string; readonly complaint: string };
  /** How a chat endpoint is addressed: see `chat.ts`. */
  readonly dialect?: object;
}

export interface StageErrorMore {
  readonly retryable?: boolean;
  /** Milliseconds to wait before the next try, where the provider said so. */
  readonly retryAfterMs?: number | null;
  readonly again?: Again | null;
}

/**
 * A call to a model that gave no usable answer. `detail` completes "the model …" and may be shown to the caller: it
 * holds nothing that the model itself said, because that may quote the post.
 */
export class StageError extends Error {
  readonly code: StageErrorCode;
  readonly detail: string;
  readonly retryable: boolean;
  readonly retryAfterMs: number | null;
  readonly again: Again | null;

  constructor(
    code: StageErrorCode,
    detail: string,
    { retryable = RETRYABLE.has(code), retryAfterMs = null, again = null }: StageErrorMore = {},
  ) {
    super(`${code}: ${detail}`);
    this.name = "StageError";
    this.code = code;
    this.detail = detail;
    this.retryable = retryable;
    this.retryAfterMs = retryAfterMs;
    this.again = again;
  }
}
