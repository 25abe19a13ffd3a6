import { LIMITS } from "../../schemas/limits.ts";

/** What a provider may do: one HTTP request. */
export type ProviderFetch = (url: URL, init: RequestInit) => Promise<Response>;

const LOOPBACK = new Set(["localhost", "127.0.0.1", "[::1]"]);

/**
 * The fetch for addresses that the operator configured: https, or http on this machine. It follows no redirect, so a
 * token goes to the origin that it was meant for and nowhere else. A body breaks off where it passes
 * `LIMITS.replyBytes`. Throws a `TypeError` for any other origin.
 */
export function createProviderFetch(
  configured: ReadonlySet<string>,
  send: ProviderFetch = (url, init) => fetch(url, init),
): ProviderFetch {
  return async (url, init) => {
    if (!configured.has(url.origin)) throw new TypeError(`${url.origin} is not an origin that was configured`);
    if (!isAllowedEndpoint(url)) throw new TypeError(`${url.origin} is neither https nor on this machine`);
    return bounded(await send(url, { ...init, redirect: "manual" }));
  };
}

/**
 * The same answer with a body that ends in an error past the limit. Counted as it comes: Content-Length may be absent,
 * untrue, or of what is packed.
 */
function bounded(response: Response): Response {
  if (!response.body) return response;
  let bytes = 0;
  const counter = new TransformStream<Uint8Array, Uint8Array>({
    transform(part, controller) {
      bytes += part.length;
      if (bytes > LIMITS.replyBytes)
        controller.error(new TypeError(`the answer has more than ${LIMITS.replyBytes} bytes`));
      else controller.enqueue(part);
    },
  });
  return new Response(response.body.pipeThrough(counter), response);
}

/** https anywhere, http on the loopback only: what a model is sent must not cross a network in the clear. */
export function isAllowedEndpoint(url: URL): boolean {
  return url.protocol === "https:" || (url.protocol === "http:" && isLoopback(url));
}

/**
 * What an address must not have behind which paths are written, so as to complete "the address must …"; null for one
 * that has nothing of it.
 */
export function unfitAsBase({ username, password, search, hash }: URL): string | null {
  if (username !== "" || password !== "") return "have no user name or password in it";
  return search !== "" || hash !== "" ? "have no query or fragment" : null;
}

/** Whether an address is on this machine. */
export function isLoopback(url: URL): boolean {
  return LOOPBACK.has(url.hostname);
}
