import { fromHex, toHex } from "../../schemas/encodings.ts";
import type { FalKeys } from "./fal-keys.ts";
import { isRecent, type SignedBy } from "./read-signed.ts";

/** Longest id of a request or a user. Set by hand: fal writes 36 characters. */
const ID_LENGTH = 256;

/** What a callback's headers claim: when it was sent, about what, and how it was signed. */
export interface FalClaim {
  readonly requestId: string;
  readonly userId: string;
  readonly timestamp: string;
  /** 64 bytes. */
  readonly signature: Uint8Array<ArrayBuffer>;
}

/**
 * fal's signatures (fal.ai/docs/model-apis/webhooks, "Verification"): Ed25519 over request, user, time and the body's
 * SHA-256 in hexadecimal, one a line, by any key of its published set.
 */
export function falWebhooks(keys: FalKeys): SignedBy<FalClaim> {
  return {
    readClaim(headers, now) {
      const [requestId = "", userId = "", timestamp = "", signed = ""] = [
        "request-id",
        "user-id",
        "timestamp",
        "signature",
      ].map((name) => headers.get(`x-fal-webhook-${name}`) ?? "");
      if (requestId === "" || userId === "" || Math.max(requestId.length, userId.length) > ID_LENGTH) return null;
      const signature = signed.length === 128 ? fromHex(signed) : null;
      if (!isRecent(timestamp, now) || !signature) return null;
      return { requestId, userId, timestamp, signature };
    },
    async isSigned({ requestId, userId, timestamp, signature }, body) {
      const digest = toHex(new Uint8Array(await crypto.subtle.digest("SHA-256", body)));
      const message = Uint8Array.from(new TextEncoder().encode([requestId, userId, timestamp, digest].join("\n")));
      return keys.verify(signature, message);
    },
  };
}
