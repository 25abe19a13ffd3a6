import { fromBase64 } from "../../schemas/encodings.ts";
import { isEqual } from "../../schemas/equal-bytes.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { isRecent, type SignedBy } from "./read-signed.ts";

/** Longest id of a message. Set by hand: senders write about 30 characters. */
const ID_LENGTH = 256;

/** What a message's headers claim: when it was sent and how it was signed. */
export interface Claim {
  readonly id: string;
  readonly timestamp: string;
  /** HMACs of 32 bytes, at most `LIMITS.callbackSignatures`. */
  readonly signatures: readonly Uint8Array[];
}

/**
 * The signatures of Standard Webhooks 1.0 with a shared secret.
 *
 * @param secret `whsec_` and base64
 */
export function standardWebhooks(secret: string): SignedBy<Claim> {
  return { readClaim, isSigned: (claim, body) => isSigned(claim, body, secret) };
}

/**
 * The claim of a message by Standard Webhooks 1.0, read without its body. Null when a header is missing, too long or
 * malformed, when the timestamp is too far from now, and when no signature is symmetric (`v1`).
 *
 * @param now Unix time in seconds
 */
export function readClaim(headers: Headers, now: number): Claim | null {
  const [id = "", timestamp = "", sent = ""] = ["webhook-id", "webhook-timestamp", "webhook-signature"].map(
    (name) => headers.get(name) ?? "",
  );
  if (id === "" || id.length > ID_LENGTH || !isRecent(timestamp, now)) return null;
  const listed = sent.trim().split(/ +/, LIMITS.callbackSignatures + 1);
  if (listed.length > LIMITS.callbackSignatures) return null;
  const signatures = listed.flatMap((signature) => readSignature(signature) ?? []);
  return signatures.length > 0 ? { id, timestamp, signatures } : null;
}

/** `v1,` and base64 of 32 bytes. */
function readSignature(text: string): Uint8Array | null {
  const bytes = text.startsWith("v1,") && text.length <= 47 ? fromBase64(text.slice(3)) : null;
  return bytes?.length === 32 ? bytes : null;
}

/**
 * Whether a message was signed with our shared secret. A sender that rotates its key sends several signatures; one
 * valid one is enough. The HMAC is computed once, compared in constant time, and nothing throws. The Replicate client's
 * own `validateWebhook` throws on malformed input and does not check the timestamp (docs/reference/hosted-models.md,
 * "Replicate").
 *
 * @param body as it came, before anything parsed it
 * @param secret `whsec_` and base64
 */
export async function isSigned(
  { id, timestamp, signatures }: Claim,
  body: Uint8Array,
  secret: string,
): Promise<boolean> {
  const key = await importKey(secret);
  if (!key) return false;
  const head = new TextEncoder().encode(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  const expected = new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
  return signatures.filter((signature) => isEqual(signature, expected)).length > 0;
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
  return crypto.subtle.importKey("raw", bytes, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
}
