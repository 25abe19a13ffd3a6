import { fromBase64, toBase64, toUtf8 } from "../../schemas/encodings.ts";
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
  const expected = await codeOf(secret, id, timestamp, body);
  return expected !== null && signatures.filter((signature) => isEqual(signature, expected)).length > 0;
}

/** The headers of a message that is sent. */
export type SignedHeaders = Readonly<Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string>>;

/**
 * Signs a message by Standard Webhooks 1.0, once with each secret: a receiver may know the new secret already or the
 * old one still. Throws a `TypeError` for a malformed secret, and without any.
 *
 * @param id the same whenever the message is sent again; without a full stop, which ends it in what is signed
 * @param now Unix time in seconds
 * @param secrets `whsec_` and base64
 */
export async function signMessage(
  secrets: readonly string[],
  id: string,
  now: number,
  body: Uint8Array,
): Promise<SignedHeaders> {
  const codes = await Promise.all(secrets.map((secret) => codeOf(secret, id, String(now), body)));
  const signatures = codes.flatMap((code) => (code ? [`v1,${toBase64(code)}`] : []));
  if (signatures.length === 0 || signatures.length < secrets.length) throw new TypeError("a secret is malformed");
  return { "webhook-id": id, "webhook-timestamp": String(now), "webhook-signature": signatures.join(" ") };
}

/** A new secret: `whsec_` and the base64 of 32 random bytes. */
export function newWebhookSecret(randomBytes: (length: number) => Uint8Array): string {
  return `whsec_${toBase64(randomBytes(32))}`;
}

/** The HMAC-SHA256 of a message; null when the secret is malformed. */
async function codeOf(secret: string, id: string, timestamp: string, body: Uint8Array): Promise<Uint8Array | null> {
  const key = await importKey(secret);
  if (!key) return null;
  const head = toUtf8(`${id}.${timestamp}.`);
  const signed = new Uint8Array(head.length + body.length);
  signed.set(head);
  signed.set(body, head.length);
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, signed));
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
