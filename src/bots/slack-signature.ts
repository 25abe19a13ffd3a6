import { fromHex } from "../../schemas/encodings.ts";
import { isHmac } from "../webhooks/hmac.ts";
import { isRecent, type SignedBy } from "../webhooks/read-signed.ts";

/** What the headers of a delivery claim. */
export interface SlackClaim {
  readonly code: Uint8Array<ArrayBuffer>;
  readonly timestamp: string;
}

/**
 * The signatures of Slack's deliveries (docs.slack.dev/authentication/verifying-requests-from-slack, read 2026-11-27):
 * an HMAC of `v0:{timestamp}:{body}`, at most five minutes old.
 *
 * @param secret the app's signing secret
 */
export function slackSignature(secret: string): SignedBy<SlackClaim> {
  return {
    readClaim(headers, now) {
      const timestamp = headers.get("x-slack-request-timestamp") ?? "";
      const [, hex = ""] = /^v0=([0-9a-f]{64})$/.exec(headers.get("x-slack-signature") ?? "") ?? [];
      const code = hex === "" ? null : fromHex(hex);
      return code && isRecent(timestamp, now) ? { code, timestamp } : null;
    },
    isSigned: ({ code, timestamp }, body) => isHmac(code, `v0:${timestamp}:`, body, secret, "SHA-256"),
  };
}
