import { fromBase64, fromHex, toUtf8 } from "../../../schemas/encodings.ts";
import type { HmacScheme } from "../../../schemas/sources.ts";
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
    async isSigned({ code, timestamp }, body) {
      const head = toUtf8(timestamp === null ? "" : `${timestamp}.`);
      const signed = new Uint8Array(head.length + body.length);
      signed.set(head);
      signed.set(body, head.length);
      const key = await crypto.subtle.importKey("raw", toUtf8(secret), { name: "HMAC", hash }, false, ["verify"]);
      // WebCrypto compares in constant time.
      return crypto.subtle.verify("HMAC", key, code, signed);
    },
  };
}
