import type { ProviderFetch } from "../../../src/net/provider-fetch.ts";
import type { LocalFacilitator } from "./facilitator.ts";

/** The fetch of a deployment whose facilitator answers without a socket. A silent one ends with the request's signal. */
export function fetchOf(facilitator: LocalFacilitator): ProviderFetch {
  return async (url, { body, signal }) => {
    const path = url.pathname.slice(url.pathname.lastIndexOf("/"));
    const reply = await facilitator.handle(path, typeof body === "string" ? JSON.parse(body) : null);
    if (reply === "cut") throw new TypeError("the connection was closed");
    if (reply !== "silent") return Response.json(reply.body, { status: reply.status });
    return new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason)));
  };
}
