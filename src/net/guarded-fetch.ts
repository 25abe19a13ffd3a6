import { LIMITS } from "../../schemas/limits.ts";
import { GuardError } from "./guard-error.ts";
import type { ProviderFetch } from "./provider-fetch.ts";
import { isPublicHost } from "./public-host.ts";
import { readCapped } from "./read-capped.ts";
import { findToken } from "./token-url.ts";

export interface GuardOptions {
  /** Sends one HTTP request. */
  readonly fetch: ProviderFetch;
  /** The caller's signal. Aborting it closes the connection; the fetch then rejects with its reason. */
  readonly signal: AbortSignal;
  /** Most bytes of the body, after decompression. */
  readonly maximumBytes: number;
  /** Milliseconds for the whole fetch, redirects and body included. */
  readonly timeoutMs: number;
  /** Origins that the operator's configuration allows besides the public internet, http too. Never from a request. */
  readonly allowedOrigins?: ReadonlySet<string>;
  /** Told of the bytes of the body as they arrive. What it throws ends the fetch. */
  readonly received?: (bytes: number) => void;
  /** Creates a signal that aborts after so many milliseconds. */
  readonly timer?: (milliseconds: number) => AbortSignal;
}

export interface FetchedFile {
  /** At least one byte. Their type is to be read from the bytes: no response header is trusted. */
  readonly bytes: Uint8Array;
  /** The URL after all redirects. */
  readonly url: URL;
}

const MAXIMUM_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Start of the message about the URL of a redirect. */
const REDIRECT = "redirects to a URL that ";

/** Hosts that negotiate content would otherwise send formats that we do not read, such as AVIF. */
const HEADERS = { accept: "image/jpeg, image/png, image/webp, */*;q=0.5", "user-agent": "Namesight" };

/**
 * Downloads from a URL that came from a caller or from a model's reply; nothing else may fetch one. The URL must be
 * https on port 443 of a public host, without credentials or a bot's token; at most three redirects are followed, each
 * checked in the same way. No header of the caller's request is sent, and nothing is cached. Throws a `GuardError`, or
 * the reason of the caller's signal.
 */
export async function guardedFetch(url: string, options: GuardOptions): Promise<FetchedFile> {
  const { signal, timeoutMs, timer = (milliseconds) => AbortSignal.timeout(milliseconds) } = options;
  const timeout = timer(timeoutMs);
  try {
    return await follow(url, options, AbortSignal.any([signal, timeout]));
  } catch (error) {
    signal.throwIfAborted();
    if (timeout.aborted) throw new GuardError("url_too_slow", `did not give all its bytes within ${timeoutMs} ms`);
    throw error;
  }
}

async function follow(first: string, options: GuardOptions, signal: AbortSignal): Promise<FetchedFile> {
  const { allowedOrigins = new Set() } = options;
  let url = parseUrl(first);
  checkUrl(url, allowedOrigins, "");
  for (let redirects = 0; redirects <= MAXIMUM_REDIRECTS; redirects++) {
    signal.throwIfAborted();
    const response = await send(url, options.fetch, signal);
    if (!REDIRECTS.has(response.status)) return { bytes: await readBody(response, options, signal), url };
    discard(response);
    const next = readLocation(response, url);
    checkUrl(next, allowedOrigins, REDIRECT);
    if (url.protocol === "https:" && next.protocol !== "https:") {
      throw new GuardError("url_not_allowed", `${REDIRECT}is not https`);
    }
    url = next;
  }
  throw new GuardError("url_redirects", `redirects more than ${MAXIMUM_REDIRECTS} times`);
}

/**
 * Throws a `GuardError` when the URL may not be fetched. Tokens are checked first, because that message tells the
 * caller what to do.
 *
 * @param hop start of the message: empty for the caller's own URL
 */
function checkUrl(url: URL, allowedOrigins: ReadonlySet<string>, hop: string): void {
  const token = findToken(url);
  if (token !== null) throw new GuardError("url_carries_token", `${hop}${token}; upload the bytes instead`);
  if (url.username !== "" || url.password !== "")
    throw new GuardError("url_not_allowed", `${hop}has a user name or password in it`);
  // Not `url.origin`: that of a blob: URL is the origin of the URL inside it.
  if (allowedOrigins.has(`${url.protocol}//${url.host}`)) return;
  const reason = whyNotPublic(url);
  if (reason !== null) throw new GuardError("url_not_allowed", hop + reason);
}

/** Why a URL is not https on the public internet; null when it is. */
function whyNotPublic(url: URL): string | null {
  if (url.protocol !== "https:") return "is not https";
  // The parser leaves the default port empty.
  if (url.port !== "") return "names a port other than 443";
  return isPublicHost(url.hostname) ? null : "does not name a public host";
}

/** The length is checked before anything reads the text: a pattern over megabytes would overflow its stack. */
function parseUrl(text: string): URL {
  refuseLong(text, "");
  if (!URL.canParse(text)) throw new GuardError("url_not_allowed", "cannot be read");
  return new URL(text);
}

function refuseLong({ length }: string, hop: string): void {
  if (length <= LIMITS.addressLength) return;
  throw new GuardError("url_too_long", `${hop}has more than ${LIMITS.addressLength} characters`);
}

function readLocation(response: Response, base: URL): URL {
  const location = response.headers.get("location");
  refuseLong(location ?? "", REDIRECT);
  if (location === null || !URL.canParse(location, base.href))
    throw new GuardError("url_redirects", "redirects without saying where");
  return new URL(location, base);
}

async function send(url: URL, fetch: ProviderFetch, signal: AbortSignal): Promise<Response> {
  try {
    // Cloudflare caches by file extension (developers.cloudflare.com/cache/concepts/default-cache-behavior); a post's
    // picture must not stay there.
    return await fetch(url, { method: "GET", headers: HEADERS, redirect: "manual", cache: "no-store", signal });
  } catch {
    throw new GuardError("url_unreachable", "cannot be reached");
  }
}

async function readBody(
  response: Response,
  { maximumBytes, received }: GuardOptions,
  signal: AbortSignal,
): Promise<Uint8Array> {
  if (response.status !== 200) {
    discard(response);
    throw new GuardError("url_status", `answered HTTP ${response.status}`);
  }
  if (Number(response.headers.get("content-length")) > maximumBytes) {
    discard(response);
    throw new GuardError("url_too_large", `has more than ${maximumBytes} bytes`);
  }
  const bytes = response.body ? await readCapped(response.body, maximumBytes, signal, received) : new Uint8Array();
  if (bytes.length === 0) throw new GuardError("url_status", "answered with no bytes");
  return bytes;
}

/** Cancels a body: one that nobody reads keeps its connection open. */
function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}
