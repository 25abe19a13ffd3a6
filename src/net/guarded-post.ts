import { LIMITS } from "../../schemas/limits.ts";
import { readUrl } from "./check-url.ts";
import { GuardError } from "./guard-error.ts";
import type { ProviderFetch } from "./provider-fetch.ts";
import { retryAfterMs } from "./retry-after.ts";

export interface PostOptions {
  /** Sends one HTTP request. */
  readonly fetch: ProviderFetch;
  /** Origins that the operator's configuration allows besides the public internet, http too. Never from a request. */
  readonly allowedOrigins: ReadonlySet<string>;
  /** Creates a signal that aborts after so many milliseconds. */
  readonly timer: (milliseconds: number) => AbortSignal;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
}

/** What a receiver answered. No byte of its body is read. */
export interface PostAnswer {
  /** A redirect is not followed: it is the answer. */
  readonly status: number;
  /** How long the receiver asks to wait before the next request; null where it does not say. */
  readonly retryAfterMs: number | null;
}

/** Why a URL is refused, as the end of the sentence "the URL …", and what would be allowed. */
export type Refused = Pick<GuardError, "detail" | "limit">;

/**
 * Sends JSON to a URL that came from a caller, under the same checks as `guardedFetch`; nothing else may post to one.
 * Waits at most `LIMITS.webhookMs`. Throws a `GuardError`.
 *
 * @param headers sent besides the content type and the user agent
 */
export async function guardedPost(
  text: string,
  { body, headers }: { readonly body: Uint8Array<ArrayBuffer>; readonly headers: Readonly<Record<string, string>> },
  { fetch, allowedOrigins, timer, clock }: PostOptions,
): Promise<PostAnswer> {
  const url = readUrl(text, { allowedOrigins });
  const signal = timer(LIMITS.webhookMs);
  const own = { "content-type": "application/json", "user-agent": "Namesight" };
  try {
    const init = { method: "POST", headers: { ...headers, ...own }, body, redirect: "manual", signal } as const;
    const response = await fetch(url, init);
    // A body that nobody reads keeps its connection open.
    response.body?.cancel().catch(() => undefined);
    return { status: response.status, retryAfterMs: retryAfterMs(response.headers, "", clock()) };
  } catch {
    if (signal.aborted) throw new GuardError("url_too_slow", `did not answer within ${LIMITS.webhookMs} ms`);
    throw new GuardError("url_unreachable", "cannot be reached");
  }
}

/**
 * Why nothing may be posted to a URL; null when it may. For the moment at which a caller names the URL: `guardedPost`
 * checks it again.
 */
export function postRefusal(text: string, allowedOrigins: ReadonlySet<string>): Refused | null {
  try {
    readUrl(text, { allowedOrigins });
    return null;
  } catch (error) {
    if (error instanceof GuardError) return error;
    throw error;
  }
}

/** `postRefusal`, as the end of the sentence alone. */
export function whyNotAllowed(text: string, allowedOrigins: ReadonlySet<string>): string | null {
  return postRefusal(text, allowedOrigins)?.detail ?? null;
}
