import { toBase64Url, toUtf8 } from "../../schemas/encodings.ts";

/**
 * What Telegram sends in the header X-Telegram-Bot-Api-Secret-Token. It follows from the bot's token and its name in
 * the webhook's address, so that nothing else has to be kept, and no other address is taken for the bot's.
 *
 * @param bot its user name, without `@`
 */
export async function telegramSecret(token: string, bot: string): Promise<string> {
  const key = await crypto.subtle.importKey("raw", toUtf8(token), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const named = toUtf8(`namesight telegram webhook ${bot.toLowerCase()}`);
  return toBase64Url(new Uint8Array(await crypto.subtle.sign("HMAC", key, named)));
}
