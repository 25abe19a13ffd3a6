import { fromBase64 } from "../../schemas/encodings.ts";

/**
 * How far a message's timestamp may be from now, either way, in seconds (Standard Webhooks 1.0, "Verifying the
 * timestamp").
 */
const TOLERANCE_SECONDS = 5 * 60;

/**
 * Whether a message was signed with our shared secret, and recently: Standard Webhooks 1.0, symmetric signatures
 * (`v1`). A sender that rotates its key sends several signatures; one valid one is enough. Compares in constant time
 * and never throws. The Replicate client's own `validateWebhook` throws on malformed input and does not check the
 * timestamp (docs/reference/hosted-models.md, "Replicate").
 *
 * @param body as it came, before anything parsed it
 * @param secret `whsec_` and base64
 * @param now Unix time in seconds
 */
export async function isAuthentic(headers: Headers, body: Uint8Array, secret: string, now: number): Promise<boolean> {
  const [id, timestamp, signatures] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(
    (name) => headers.get(name) ?? "",
  );
  if (!id || !timestamp || !signatures || !/^\d{1,12}$/.test(timestamp)) return false;
  if (Math.abs(now - Number(timestamp)) > TOLERANCE_SECONDS) return false;
  const key = await importKey(secret);
  if (!key) return false;
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  for (const signature of signatures.split(" ")) {
    const bytes = signature.startsWith("v1,") ? fromBase64(signature.slice(3)) : null;
    if (bytes && (await crypto.subtle.verify("HMAC", key, bytes, signed))) return true;
  }
  return false;
}

/** Whether a secret has the form that signatures can be verified with: `whsec_` and base64. */
export function isWebhookSecret(secret: string): boolean {
  return keyBytes(secret) !== null;
}

function keyBytes(secret: string): Uint8Array<ArrayBuffer> | null {
  const bytes = fromBase64(secret.slice(secret.lastIndexOf("_") + 1));
  return bytes && bytes.length > 0 ? bytes : null;
}

async function importKey(secret: string): Promise<CryptoKey | null> {
  const bytes = keyBytes(secret);
  if (!bytes) return null;
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
}
