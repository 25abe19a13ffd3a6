import type { ProviderFetch } from "../../../src/net/provider-fetch.ts";
import type { LocalFacilitator } from "./facilitator.ts";

/** Time limits that end only when the test says so. */
export class Timers {
  readonly #controllers = new WeakMap<AbortSignal, AbortController>();

  readonly timer = (): AbortSignal => {
    const controller = new AbortController();
    this.#controllers.set(controller.signal, controller);
    return controller.signal;
  };

  end(signal: AbortSignal): void {
    this.#controllers.get(signal)?.abort(new DOMException("time is over", "TimeoutError"));
  }
}

/** The fetch of a deployment whose facilitator answers without a socket. A silent one lasts until its time is over. */
export function fetchOf(facilitator: LocalFacilitator, timers: Timers): ProviderFetch {
  return async (url, { body, signal }) => {
    const path = url.pathname.slice(url.pathname.lastIndexOf("/"));
    const reply = await facilitator.handle(path, typeof body === "string" ? JSON.parse(body) : null);
    if (reply === "cut") throw new TypeError("the connection was closed");
    if (reply !== "silent") return Response.json(reply.body, { status: reply.status });
    if (signal) timers.end(signal);
    return new Promise(() => undefined);
  };
}
