import { toBase64Url, toUtf8 } from "../../schemas/encodings.ts";

/**
 * What Telegram sends in the header X-Telegram-Bot-Api-Secret-Token. It follows from the bot's token, so that a bot has
 * one secret.
 */
export async function telegramSecret(token: string): Promise<string> {
  const key = await crypto.subtle.importKey("raw", toUtf8(token), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  return toBase64Url(new Uint8Array(await crypto.subtle.sign("HMAC", key, toUtf8("namesight telegram webhook"))));
}
