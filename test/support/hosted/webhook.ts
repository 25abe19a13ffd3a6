/** The headers of a Standard Webhooks message. */
export type WebhookHeaders = Readonly<
  Record<"content-type" | "webhook-id" | "webhook-timestamp" | "webhook-signature", string>
>;

/**
 * A message's headers, signed as Standard Webhooks 1.0 says: HMAC-SHA256 over `id.timestamp.body`, with the base64
 * behind the secret's `whsec_` as key. It shares no code with the Worker's check of signatures.
 *
 * @param timestamp Unix time in seconds
 */
export async function sign(secret: string, id: string, timestamp: number, body: string): Promise<WebhookHeaders> {
  const raw = Uint8Array.from(atob(secret.replace(/^.*_/, "")), (character) => character.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const mac = await crypto.subtle.sign("HMAC", key, new TextEncoder().encode(`${id}.${timestamp}.${body}`));
  return {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${btoa(String.fromCharCode(...new Uint8Array(mac)))}`,
  };
}
