import type { ProviderFetch } from "../net/provider-fetch.ts";
import type { Runtime } from "../runtime.ts";

/** The runtime of providers: clock, sleep, chance, and fetch. */
export interface ProviderRuntime extends Pick<Runtime, "clock" | "sleep" | "chance"> {
  /** Sends to origins that the operator configured, and to no other. */
  readonly fetch: ProviderFetch;
}

/** The part of the runtime that a single request needs. */
export type RequestRuntime = Pick<ProviderRuntime, "fetch" | "clock">;
