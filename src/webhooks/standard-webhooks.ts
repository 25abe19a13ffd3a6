/**
 * How far a message's time may be from ours, either way, in seconds (Standard Webhooks 1.0, "Verifying the timestamp").
 */
const TOLERANCE_SECONDS = 5 * 60;

/**
 * Whether a message comes from whoever shares the secret with us, and now: Standard Webhooks 1.0, symmetric (`v1`).
 * Several signatures may stand beside each other while a key is changed; one that holds is enough. Compared in constant
 * time. Never throws (the vendor's own check does, and looks at no time: hosted-apis section 1.3, L).
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

/** Whether a secret is `whsec_` and base64, so that a signature can be held to it. */
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

function fromBase64(text: string): Uint8Array<ArrayBuffer> | null {
  try {
    return Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  } catch {
    return null;
  }
}
