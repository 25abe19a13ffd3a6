import { fromBase64, fromHex } from "../../../schemas/encodings.ts";
import type { HmacScheme } from "../../../schemas/sources.ts";
import { isHmac } from "../hmac.ts";
import { isRecent, type SignedBy } from "../read-signed.ts";

/** WebCrypto's name of each hash, and the bytes of its HMAC. */
const HASHES = { sha256: ["SHA-256", 32], sha1: ["SHA-1", 20], sha512: ["SHA-512", 64] } as const;

/** What the headers of a message claim. */
export interface HmacClaim {
  readonly code: Uint8Array<ArrayBuffer>;
  /** The timestamp as it came; null where the body alone is signed. */
  readonly timestamp: string | null;
}

/**
 * The signatures of senders that write an HMAC of the body, or of `{timestamp}.{body}`, into a header.
 *
 * @param secret its UTF-8 is the key; not empty
 */
export function hmacHeader(scheme: HmacScheme, secret: string): SignedBy<HmacClaim> {
  const { header, algorithm, prefix, encoding, timestamp_header, tolerance_seconds } = scheme;
  const [hash, length] = HASHES[algorithm];
  const decode = encoding === "hex" ? fromHex : fromBase64;
  // The longest form of so many bytes, so that a long header is not decoded.
  const longest = prefix.length + 2 * length;
  return {
    readClaim(headers, now) {
      const sent = headers.get(header) ?? "";
      if (!sent.startsWith(prefix) || sent.length > longest) return null;
      const code = decode(sent.slice(prefix.length));
      if (code?.length !== length) return null;
      if (timestamp_header === undefined) return { code, timestamp: null };
      const timestamp = headers.get(timestamp_header) ?? "";
      return isRecent(timestamp, now, tolerance_seconds) ? { code, timestamp } : null;
    },
    isSigned: ({ code, timestamp }, body) =>
      isHmac(code, timestamp === null ? "" : `${timestamp}.`, body, secret, hash),
  };
}
