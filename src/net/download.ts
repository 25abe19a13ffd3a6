import { LIMITS } from "../../schemas/limits.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { ProviderFetch } from "./provider-fetch.ts";

/** Gets a file that a model's reply names. Throws a `GuardError`, or the signal's reason. */
export function createDownload(send: ProviderFetch = (url, init) => fetch(url, init)) {
  return async (address: string, signal: AbortSignal): Promise<Uint8Array> => {
    const options = { fetch: send, signal, maximumBytes: LIMITS.uploadBytes, timeoutMs: LIMITS.fetchMs };
    return (await guardedFetch(address, options)).bytes;
  };
}
