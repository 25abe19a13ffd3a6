/** A call of a platform that did not work. */
export class PlatformError extends Error {
  /** Milliseconds after which to try again; null where that does not help. */
  readonly retryMs: number | null;
  /** Whether the platform has refused the call. Otherwise it may have done the work all the same. */
  readonly isRefused: boolean;

  constructor(message: string, retryMs: number | null, isRefused = false) {
    super(message);
    this.name = "PlatformError";
    this.retryMs = retryMs;
    this.isRefused = isRefused;
  }
}
