import { LIMITS } from "../../schemas/limits.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { ProviderFetch } from "./provider-fetch.ts";

/**
 * Creates a function that downloads a file from a URL in a model's reply, at most `LIMITS.uploadBytes` within
 * `LIMITS.fetchMs`. It throws a `GuardError`, or the signal's reason.
 */
export function createDownload(send: ProviderFetch = (url, init) => fetch(url, init)) {
  return async (address: string, signal: AbortSignal): Promise<Uint8Array> => {
    const options = { fetch: send, signal, maximumBytes: LIMITS.uploadBytes, timeoutMs: LIMITS.fetchMs };
    return (await guardedFetch(address, options)).bytes;
  };
}
