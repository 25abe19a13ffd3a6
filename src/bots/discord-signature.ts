import { isRecent, type SignedBy } from "../webhooks/read-signed.ts";

/** What an interaction's headers claim. */
export interface DiscordClaim {
  readonly timestamp: string;
  /** In hexadecimal. */
  readonly signature: string;
}

/** 64 bytes. Discord's library would read other characters as zeros. */
const SIGNATURE = /^[0-9a-f]{128}$/i;

/**
 * Discord's signatures (docs.discord.com, "Interactions", "Security and authorization"): Ed25519 over the timestamp and
 * the body, by the application's key. Discord names no age at which an interaction is refused; an answer is of no use
 * after three seconds, so that none is that is five minutes away from now.
 *
 * @param publicKey 32 bytes in hexadecimal
 */
export function discordSignature(publicKey: string): SignedBy<DiscordClaim> {
  return {
    readClaim(headers, now) {
      const signature = headers.get("x-signature-ed25519") ?? "";
      const timestamp = headers.get("x-signature-timestamp") ?? "";
      return SIGNATURE.test(signature) && isRecent(timestamp, now) ? { signature, timestamp } : null;
    },
    async isSigned({ signature, timestamp }, body) {
      const { verifyKey } = await import("discord-interactions");
      return verifyKey(body, signature, timestamp, publicKey);
    },
  };
}
