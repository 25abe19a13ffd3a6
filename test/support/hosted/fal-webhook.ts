/** The key pair of this process that signs callbacks, and another account's. */
const own = crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]) as Promise<CryptoKeyPair>;
const foreign = crypto.subtle.generateKey("Ed25519", true, ["sign", "verify"]) as Promise<CryptoKeyPair>;

/** The keys as fal publishes them: a JSON Web Key Set, here with a key of another kind as well. */
export async function falKeySet(): Promise<{ keys: object[] }> {
  const { kty, crv, x } = (await crypto.subtle.exportKey("jwk", (await own).publicKey)) as JsonWebKey;
  return {
    keys: [
      { kty: "EC", crv: "P-256", kid: "another", x: "AA", y: "AA" },
      { kty, crv, x, kid: "k1" },
    ],
  };
}

/**
 * A callback's headers, signed as fal says (fal.ai/docs/model-apis/webhooks, "Verification"). It shares no code with
 * the Worker's check of signatures.
 *
 * @param timestamp Unix time in seconds
 * @param forged whether another key signs
 */
export async function signFal({
  requestId,
  timestamp,
  body,
  forged = false,
}: {
  readonly requestId: string;
  readonly timestamp: number;
  readonly body: string;
  readonly forged?: boolean;
}): Promise<Record<string, string>> {
  const hex = (bytes: ArrayBuffer) =>
    [...new Uint8Array(bytes)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const encoder = new TextEncoder();
  const digest = hex(await crypto.subtle.digest("SHA-256", encoder.encode(body)));
  const message = encoder.encode(`${requestId}\nu1\n${timestamp}\n${digest}`);
  const { privateKey } = await (forged ? foreign : own);
  return {
    "content-type": "application/json",
    "x-fal-webhook-request-id": requestId,
    "x-fal-webhook-user-id": "u1",
    "x-fal-webhook-timestamp": String(timestamp),
    "x-fal-webhook-signature": hex(await crypto.subtle.sign("Ed25519", privateKey, message)),
  };
}
