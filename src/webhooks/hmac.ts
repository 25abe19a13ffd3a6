import { toUtf8 } from "../../schemas/encodings.ts";

/**
 * Whether `code` is the HMAC of a text and the body behind it. WebCrypto compares in constant time.
 *
 * @param secret its UTF-8 is the key; not empty
 * @param hash WebCrypto's name of it
 */
export async function isHmac(
  code: Uint8Array<ArrayBuffer>,
  head: string,
  body: Uint8Array,
  secret: string,
  hash: "SHA-1" | "SHA-256" | "SHA-512",
): Promise<boolean> {
  const first = toUtf8(head);
  const signed = new Uint8Array(first.length + body.length);
  signed.set(first);
  signed.set(body, first.length);
  const key = await crypto.subtle.importKey("raw", toUtf8(secret), { name: "HMAC", hash }, false, ["verify"]);
  return crypto.subtle.verify("HMAC", key, code, signed);
}
