import type { HmacScheme, SignatureScheme } from "../../../schemas/sources.ts";

/** What is to be known of a scheme beside how it signs. */
export interface ResolvedScheme {
  readonly signature: Exclude<SignatureScheme, { scheme: "github" | "mastodon" }>;
  /** The header that has the sender's id, where the mapping names none; null where the scheme has none. */
  readonly idHeader: string | null;
  /** The header that is signed with the body, in lower case; `any` where nothing is signed; null for the body alone. */
  readonly trustedHeader: string | null;
}

const hmac = (header: string): HmacScheme => ({
  scheme: "hmac",
  header,
  algorithm: "sha256",
  prefix: "sha256=",
  encoding: "hex",
  tolerance_seconds: 300,
});

/**
 * Schemes that are another one with its fields set: GitHub's webhooks (docs.github.com/webhooks, "Validating webhook
 * deliveries") and Mastodon's administrative webhooks (app/workers/webhooks/delivery_worker.rb).
 */
const PRESETS = {
  github: { signature: hmac("x-hub-signature-256"), idHeader: "x-github-delivery", trustedHeader: null },
  mastodon: { signature: hmac("x-hub-signature"), idHeader: null, trustedHeader: null },
} as const;

/** A scheme with its preset, if it is one. */
export function resolveScheme(signature: SignatureScheme): ResolvedScheme {
  switch (signature.scheme) {
    case "github":
    case "mastodon":
      return PRESETS[signature.scheme];
    case "standard-webhooks":
      return { signature, idHeader: "webhook-id", trustedHeader: "webhook-id" };
    default:
      return { signature, idHeader: null, trustedHeader: signature.scheme === "bearer" ? "any" : null };
  }
}
