import { toUtf8 } from "../../../schemas/encodings.ts";
import { isEqual } from "../../../schemas/equal-bytes.ts";
import type { SignatureScheme } from "../../../schemas/sources.ts";
import type { SignedBy } from "../read-signed.ts";
import { standardWebhooks } from "../standard-webhooks.ts";
import { stripeWebhooks } from "../stripe-webhooks.ts";
import { hmacHeader } from "./hmac-header.ts";
import { resolveScheme } from "./scheme-presets.ts";

/**
 * How messages of a source are verified: with any of its secrets, of which it has two while a rotation overlaps.
 *
 * @param clock Unix time in milliseconds
 */
export function signedBySource(
  signature: SignatureScheme,
  secrets: readonly string[],
  clock: () => number,
): SignedBy<readonly unknown[]> {
  const ways = secrets.map((secret) => signedWith(signature, secret, clock));
  return {
    readClaim(headers, now) {
      const claims = ways.map((way) => way.readClaim(headers, now));
      return claims.some((claim) => claim !== null) ? claims : null;
    },
    async isSigned(claims, body) {
      const verified = ways.map(async (way, index) => claims[index] !== null && way.isSigned(claims[index], body));
      return (await Promise.all(verified)).includes(true);
    },
  };
}

function signedWith(scheme: SignatureScheme, secret: string, clock: () => number): SignedBy<unknown> {
  const { signature } = resolveScheme(scheme);
  switch (signature.scheme) {
    case "standard-webhooks":
      return standardWebhooks(secret) as SignedBy<unknown>;
    case "hmac":
      return hmacHeader(signature, secret) as SignedBy<unknown>;
    case "stripe":
      return inHeader(signature.header, stripeWebhooks(secret, clock) as SignedBy<unknown>);
    case "bearer":
      return bearerToken(signature.header, secret);
  }
}

/** Signatures as Stripe writes them, in another header than Stripe's. */
function inHeader(header: string, { readClaim, isSigned }: SignedBy<unknown>): SignedBy<unknown> {
  const named = (headers: Headers) => new Headers({ "stripe-signature": headers.get(header) ?? "" });
  return { readClaim: (headers, now) => readClaim(named(headers), now), isSigned };
}

/** A token in a header. It is all that is checked, so that a message with another one is refused before it is read. */
function bearerToken(header: string, token: string): SignedBy<unknown> {
  const isAuthorization = header.toLowerCase() === "authorization";
  return {
    readClaim(headers) {
      const sent = headers.get(header) ?? "";
      const given = isAuthorization ? (/^bearer +(\S+) *$/i.exec(sent)?.[1] ?? "") : sent;
      return isEqual(toUtf8(given), toUtf8(token)) ? true : null;
    },
    isSigned: async () => true,
  };
}
