import { GuardError } from "./guard-error.ts";
import type { ProviderFetch } from "./provider-fetch.ts";
import { isPublicHost } from "./public-host.ts";
import { readCapped } from "./read-capped.ts";
import { findToken } from "./token-url.ts";

export interface GuardOptions {
  /** One HTTP request. */
  readonly fetch: ProviderFetch;
  /** The caller's; aborting it closes the connection and rejects with its reason. */
  readonly signal: AbortSignal;
  /** Bytes of the answer, decompressed. */
  readonly maximumBytes: number;
  /** Milliseconds for everything together: each hop and the last byte. */
  readonly timeoutMs: number;
  /**
   * Origins that the operator's configuration allows besides the public internet, http ones too. Never anything out of
   * a request.
   */
  readonly widen?: ReadonlySet<string>;
  /** A signal that aborts after so many milliseconds. */
  readonly timer?: (milliseconds: number) => AbortSignal;
}

export interface FetchedFile {
  /** At least one. What they are is for the reader to find out from themselves: no header is believed. */
  readonly bytes: Uint8Array;
  /** Where they were in the end. */
  readonly url: URL;
}

const MAXIMUM_REDIRECTS = 3;
const REDIRECTS: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);

/** Naming the three formats keeps hosts that negotiate from sending a fourth. */
const HEADERS = { accept: "image/jpeg, image/png, image/webp, */*;q=0.5", "user-agent": "Namesight" };

/**
 * The one way to follow a URL of a caller or of a model's reply: https at its default port on a public host, no
 * credentials and no bot's token in it, at most three redirects with each hop judged like the first. Nothing of the
 * request goes along, and nothing is cached. Throws a `GuardError`, or the reason of the caller's signal.
 */
export async function guardedFetch(url: string, options: GuardOptions): Promise<FetchedFile> {
  const { signal, timeoutMs, timer = (milliseconds) => AbortSignal.timeout(milliseconds) } = options;
  const late = timer(timeoutMs);
  try {
    return await follow(url, options, AbortSignal.any([signal, late]));
  } catch (error) {
    signal.throwIfAborted();
    if (late.aborted) throw new GuardError("url_too_slow", `did not give all its bytes within ${timeoutMs} ms`);
    throw error;
  }
}

async function follow(first: string, options: GuardOptions, signal: AbortSignal): Promise<FetchedFile> {
  const { widen = new Set() } = options;
  let url = readUrl(first);
  judge(url, widen, "");
  for (let redirects = 0; redirects <= MAXIMUM_REDIRECTS; redirects++) {
    signal.throwIfAborted();
    const response = await send(url, options.fetch, signal);
    if (!REDIRECTS.has(response.status)) return { bytes: await readBody(response, options.maximumBytes, signal), url };
    discard(response);
    const next = readLocation(response, url);
    judge(next, widen, "redirects to a URL that ");
    if (url.protocol === "https:" && next.protocol !== "https:") {
      throw new GuardError("url_not_allowed", "redirects to a URL that is not https");
    }
    url = next;
  }
  throw new GuardError("url_redirects", `redirects more than ${MAXIMUM_REDIRECTS} times`);
}

/**
 * Throws a `GuardError` unless the URL may be fetched. Tokens come first: that message helps, and holds for every host.
 */
function judge(url: URL, widen: ReadonlySet<string>, hop: string): void {
  const token = findToken(url);
  if (token !== null) throw new GuardError("url_carries_token", `${hop}${token}; upload the bytes instead`);
  if (url.username !== "" || url.password !== "")
    throw new GuardError("url_not_allowed", `${hop}has a user name or password in it`);
  // Not `url.origin`, which a blob: URL borrows from the one inside it.
  if (widen.has(`${url.protocol}//${url.host}`)) return;
  const wrong = outside(url);
  if (wrong !== null) throw new GuardError("url_not_allowed", hop + wrong);
}

/** Why a URL is not of the public internet, over https; null if it is. */
function outside(url: URL): string | null {
  if (url.protocol !== "https:") return "is not https";
  // The parser has already dropped the default port.
  if (url.port !== "") return "names a port other than 443";
  return isPublicHost(url.hostname) ? null : "does not name a public host";
}

function readUrl(text: string): URL {
  if (!URL.canParse(text)) throw new GuardError("url_not_allowed", "cannot be read");
  return new URL(text);
}

function readLocation(response: Response, base: URL): URL {
  const location = response.headers.get("location");
  if (location === null || !URL.canParse(location, base.href))
    throw new GuardError("url_redirects", "redirects without saying where");
  return new URL(location, base);
}

async function send(url: URL, fetch: ProviderFetch, signal: AbortSignal): Promise<Response> {
  try {
    // "no-store" because the platform keeps what looks like a picture by its name, and nothing of a post may stay.
    return await fetch(url, { method: "GET", headers: HEADERS, redirect: "manual", cache: "no-store", signal });
  } catch {
    throw new GuardError("url_unreachable", "cannot be reached");
  }
}

async function readBody(response: Response, maximumBytes: number, signal: AbortSignal): Promise<Uint8Array> {
  if (response.status !== 200) {
    discard(response);
    throw new GuardError("url_status", `answered HTTP ${response.status}`);
  }
  if (Number(response.headers.get("content-length")) > maximumBytes) {
    discard(response);
    throw new GuardError("url_too_large", `has more than ${maximumBytes} bytes`);
  }
  const bytes = response.body ? await readCapped(response.body, maximumBytes, signal) : new Uint8Array();
  if (bytes.length === 0) throw new GuardError("url_status", "answered with no bytes");
  return bytes;
}

/** A body that nobody reads keeps its connection until it is cancelled. */
function discard(response: Response): void {
  response.body?.cancel().catch(() => undefined);
}
