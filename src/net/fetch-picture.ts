import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { GuardError, type GuardErrorCode } from "./guard-error.ts";
import { guardedFetch } from "./guarded-fetch.ts";
import type { ProviderFetch } from "./provider-fetch.ts";

/**
 * Downloads a caller's picture. Throws `picture_not_fetched` with the pointer `/image`, the signal's reason, or what
 * `received` throws; it is told of the bytes as they arrive.
 */
export type PictureFetch = (
  address: string,
  signal: AbortSignal,
  received?: (bytes: number) => void,
) => Promise<Uint8Array>;

/** The limit that each error is about. */
const BROKEN: Partial<Record<GuardErrorCode, number>> = {
  url_too_long: LIMITS.addressLength,
  url_too_large: LIMITS.uploadBytes,
  url_too_slow: LIMITS.fetchMs,
};

/**
 * Creates the download of callers' pictures: at most `LIMITS.uploadBytes` within `LIMITS.fetchMs`.
 *
 * @param allowedOrigins origins that the operator allows besides the public internet
 */
export function createPictureFetch(
  allowedOrigins: ReadonlySet<string> = new Set(),
  send: ProviderFetch = (url, init) => fetch(url, init),
): PictureFetch {
  return async (address, signal, received) => {
    try {
      const options = {
        fetch: send,
        signal,
        maximumBytes: LIMITS.uploadBytes,
        timeoutMs: LIMITS.fetchMs,
        allowedOrigins,
        ...(received ? { received } : {}),
      };
      return (await guardedFetch(address, options)).bytes;
    } catch (error) {
      if (!(error instanceof GuardError)) throw error;
      const limit = BROKEN[error.code];
      const value = `${address.length} UTF-16 code units`;
      const errors = [{ pointer: "/image", detail: error.detail, ...(limit ? { limit } : {}), value }];
      throw new ProblemError("picture_not_fetched", `/image ${error.detail}.`, { errors });
    }
  };
}
