/** Why a guarded fetch gave no bytes. */
export type GuardErrorCode =
  | "url_not_allowed"
  | "url_too_long"
  | "url_carries_token"
  | "url_unreachable"
  | "url_too_large"
  | "url_too_slow"
  | "url_redirects"
  | "url_status";

/**
 * The error for a URL that was refused, or whose response was refused. `detail` completes "the URL …" and may be shown
 * to the caller. It contains no part of the URL, whose query string may be a signature, and no target of a redirect.
 */
export class GuardError extends Error {
  readonly code: GuardErrorCode;
  readonly detail: string;
  /** What would be allowed, where one value says it. */
  readonly limit: string | number | undefined;

  constructor(code: GuardErrorCode, detail: string, limit?: string | number) {
    super(`${code}: ${detail}`);
    this.name = "GuardError";
    this.code = code;
    this.detail = detail;
    this.limit = limit;
  }
}
