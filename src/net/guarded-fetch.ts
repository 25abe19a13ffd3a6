import { checkUrl, readUrl, refuseLong } from "./check-url.ts";
import { GuardError } from "./guard-error.ts";
import type { ProviderFetch } from "./provider-fetch.ts";
import { readCapped } from "./read-capped.ts";

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
  const rules = { allowedOrigins: options.allowedOrigins ?? new Set<string>(), instead: "upload the bytes instead" };
  let url = readUrl(first, rules);
  for (let redirects = 0; redirects <= MAXIMUM_REDIRECTS; redirects++) {
    signal.throwIfAborted();
    const response = await send(url, options.fetch, signal);
    if (!REDIRECTS.has(response.status)) return { bytes: await readBody(response, options, signal), url };
    discard(response);
    const next = readLocation(response, url);
    checkUrl(next, rules, REDIRECT);
    if (url.protocol === "https:" && next.protocol !== "https:") {
      throw new GuardError("url_not_allowed", `${REDIRECT}is not https`);
    }
    url = next;
  }
  throw new GuardError("url_redirects", `redirects more than ${MAXIMUM_REDIRECTS} times`);
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
