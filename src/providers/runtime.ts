import type { ProviderFetch } from "../net/provider-fetch.ts";
import type { Runtime } from "../runtime.ts";

/** What providers take from the outside world. */
export interface ProviderRuntime extends Pick<Runtime, "clock" | "sleep" | "chance"> {
  /** Sends to origins that the operator configured, and to no other. */
  readonly fetch: ProviderFetch;
}

/** What a single request needs. */
export type RequestRuntime = Pick<ProviderRuntime, "fetch" | "clock">;
