import { LIMITS } from "../../schemas/limits.ts";

/** Sends one HTTP request. */
export type ProviderFetch = (url: URL, init: RequestInit) => Promise<Response>;

/** The platform's own. Looked up at each call: a test may replace it. */
export const plainFetch: ProviderFetch = (url, init) => fetch(url, init);

/** A body is longer than `LIMITS.replyBytes`. */
export class ReplyTooLarge extends TypeError {
  constructor() {
    super(`the answer has more than ${LIMITS.replyBytes} bytes`);
    this.name = "ReplyTooLarge";
  }
}

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * Creates the fetch for origins that the operator configured: https, or http on the loopback. It follows no redirect,
 * so that a token is sent to no other origin. A body longer than `LIMITS.replyBytes` ends in `ReplyTooLarge`. Throws a
 * `TypeError` for any other origin.
 */
export function createProviderFetch(configured: ReadonlySet<string>, send: ProviderFetch = plainFetch): ProviderFetch {
  return async (url, init) => {
    if (!configured.has(url.origin)) throw new TypeError(`${url.origin} is not an origin that was configured`);
    if (!isAllowedEndpoint(url)) throw new TypeError(`${url.origin} is neither https nor on this machine`);
    return limitBody(await send(url, { ...init, redirect: "manual" }));
  };
}

/**
 * The same response with a body that ends in an error beyond the limit. Where Content-Length does not bound it, bytes
 * are counted as they arrive.
 */
function limitBody(response: Response): Response {
  if (!response.body || isBounded(response.headers)) return response;
  let bytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      bytes += part.length;
      if (bytes > LIMITS.replyBytes) controller.error(new ReplyTooLarge());
      else controller.enqueue(part);
    },
  });
  return new Response(response.body.pipeThrough(counter), response);
}

/**
 * Whether the declared length keeps a body within the limit: HTTP reads no byte past it (RFC 9112, section 6.2). Of an
 * encoded body it is the length before it is decompressed.
 */
function isBounded(headers: Headers): boolean {
  const declared = headers.get("content-length");
  return declared !== null && Number(declared) <= LIMITS.replyBytes && !headers.has("content-encoding");
}

/**
 * Whether an endpoint may be called: https anywhere, http on the loopback only, so that no post is sent in the clear.
 */
export function isAllowedEndpoint(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
}

/**
 * Why an address cannot be a base URL to which paths are added, as the end of the sentence "the address must …"; null
 * when it can.
 */
export function unfitAsBase({ username, password, search, hash }: URL): string | null {
  if (username !== "" || password !== "") return "have no user name or password in it";
  return search !== "" || hash !== "" ? "have no query or fragment" : null;
}

/** Whether an address is on the loopback. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.has(url.hostname);
}
