import type { Context, MiddlewareHandler } from "hono";

/** Names of this machine. A page of another site cannot have them as its own. */
const LOOPBACK = /^(?:localhost|(?:[\w-]+\.)+localhost|127(?:\.\d{1,3}){3}|\[::1\])$/;
/** An address in place of a name: no foreign DNS entry can lead to it. */
const ADDRESS = /^(?:\d{1,3}(?:\.\d{1,3}){3}|\[[\da-f:.]+\])$/i;

/**
 * The names under which the server may be addressed: those in ALLOWED_HOSTS, separated by commas. Without that
 * variable, null (any name) when HOST puts the server on a network, because the names of containers and proxies are not
 * known here; else none but those of this machine.
 */
export function allowedHosts({ HOST = "127.0.0.1", ALLOWED_HOSTS }: Record<string, string | undefined>) {
  if (ALLOWED_HOSTS !== undefined) return listOf(ALLOWED_HOSTS);
  return LOOPBACK.test(HOST) || HOST === "::1" ? [] : null;
}

/** The items of a variable, which are separated by commas. */
export function listOf(variable: string | undefined): string[] {
  return (variable ?? "").split(",").flatMap((item) => item.trim().toLowerCase() || []);
}

/**
 * Refuses what a web page of another site makes a browser send (403): a `Host` that is not this server's, which is how
 * DNS rebinding looks, and an `Origin` that is not the host itself.
 *
 * @param names names that are allowed beside those of this machine and literal addresses; null allows all
 */
export function ownSiteOnly(names: readonly string[] | null): MiddlewareHandler {
  return async (c, next) => {
    const host = hostOf(`http://${c.req.header("host") ?? new URL(c.req.url).host}`);
    const isOwn = host !== null && (names === null || isNamed(host.hostname, names));
    if (!isOwn) return refuse(c, "Host is not a name of this server; ALLOWED_HOSTS adds names");
    const origin = c.req.header("origin");
    if (origin !== undefined && hostOf(origin)?.host !== host.host)
      return refuse(c, "requests from web pages of other sites are not answered");
    return next();
  };
}

function isNamed(hostname: string, names: readonly string[]): boolean {
  return LOOPBACK.test(hostname) || ADDRESS.test(hostname) || names.includes(hostname);
}

function hostOf(address: string): URL | null {
  return URL.canParse(address) ? new URL(address) : null;
}

function refuse(c: Context, detail: string): Response {
  return c.json({ detail }, 403);
}

/**
 * Refuses a body that does not call itself JSON (415): only for JSON does a browser ask the server before it sends a
 * request of another site's page.
 */
export const jsonOnly: MiddlewareHandler = async (c, next) => {
  const type = (c.req.header("content-type") ?? "").split(";", 1)[0]?.trim().toLowerCase();
  if (type !== "application/json") return c.json({ detail: "Content-Type must be application/json" }, 415);
  return next();
};
