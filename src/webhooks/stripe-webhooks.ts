import { LIMITS } from "../../schemas/limits.ts";
import { isRecent, type SignedBy, TOLERANCE_SECONDS } from "./read-signed.ts";

/** Longest header `Stripe-Signature`. Set by hand: a time and five signatures have about 400 characters. */
const HEADER_LENGTH = 1_000;

/** What the headers of an event claim: the header `Stripe-Signature` as it came, which Stripe's own code reads. */
export interface StripeClaim {
  readonly header: string;
}

/**
 * The signatures of Stripe's events (docs.stripe.com/webhooks/signature): an HMAC of the time and the body under the
 * endpoint's secret, verified by Stripe's own code. That code lets a time in the future pass, so the time is checked
 * here first.
 *
 * @param secret `whsec_…`
 * @param clock Unix time in milliseconds
 */
export function stripeWebhooks(secret: string, clock: () => number): SignedBy<StripeClaim> {
  return { readClaim, isSigned: (claim, body) => isSigned(claim, body, secret, clock()) };
}

/**
 * The claim of an event. Null when the header is missing, too long or malformed, has too many signatures, or when its
 * time is too far from now.
 *
 * @param now Unix time in seconds
 */
export function readClaim(headers: Headers, now: number): StripeClaim | null {
  const header = headers.get("stripe-signature") ?? "";
  if (header.length > HEADER_LENGTH) return null;
  const items = header.split(",").map((item) => item.split("="));
  const times = items.filter(([scheme]) => scheme === "t");
  const signatures = items.filter(([scheme]) => scheme === "v1");
  const isUsable = times.length === 1 && signatures.length > 0 && signatures.length <= LIMITS.callbackSignatures;
  return isUsable && isRecent(times[0]?.[1] ?? "", now) ? { header } : null;
}

/**
 * Whether an event was signed with the endpoint's secret. Signatures are compared in constant time.
 *
 * @param now Unix time in milliseconds
 */
async function isSigned({ header }: StripeClaim, body: Uint8Array, secret: string, now: number): Promise<boolean> {
  try {
    // Stripe's code signs the text. A body that is not exactly the bytes of a text would be signed as another one.
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    const { default: Stripe } = await import("stripe");
    const provider = Stripe.createSubtleCryptoProvider();
    await Stripe.webhooks.constructEventAsync(text, header, secret, TOLERANCE_SECONDS, provider, now);
    return true;
  } catch {
    return false;
  }
}
