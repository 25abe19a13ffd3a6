import type { ProviderFetch } from "./provider-fetch.ts";

/**
 * Sends requests for the public internet through a process of this machine that refuses private addresses
 * (scripts/stack/egress.ts): the local runtime lets a Worker reach every network.
 */
export function createEgressFetch(egress: URL, send: ProviderFetch = (url, init) => fetch(url, init)): ProviderFetch {
  return (url, init) => {
    const headers = new Headers(init.headers);
    headers.set("x-url", url.href);
    return send(egress, { ...init, headers });
  };
}
