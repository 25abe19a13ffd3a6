import { toNanoDollars } from "../../schemas/money.ts";
import { createProviderFetch, isLoopback, type ProviderFetch, unfitAsBase } from "../net/provider-fetch.ts";
import type { BotAccount } from "./deployment.ts";
import type { Platform } from "./platform.ts";
import { TELEGRAM_TOKEN } from "./telegram-token.ts";

/** The variables of bots. */
type Variable = (name: string) => string;

/** The bots of a deployment. */
export interface Bots {
  readonly botAccount: BotAccount;
  /** The platform of a chat, by the chat's name; null for one that is not configured. Its client is loaded then. */
  readonly platformOf: (chat: string) => Promise<Platform | null>;
  readonly telegramToken: string | null;
}

const TELEGRAM_API = "https://api.telegram.org";
const AMOUNT = /^\d{1,6}(\.\d{1,9})?$/;

/**
 * Reads the variables of bots. A fault becomes a sentence in `faults`.
 *
 * @param needsKeys whether accounts pay (`ACCESS=keys`)
 * @param fetch in place of the network, in tests
 */
export function readBots(
  variable: Variable,
  needsKeys: boolean,
  fetch: ProviderFetch | undefined,
): Bots & { readonly faults: readonly string[] } {
  const [token, account, limit] = [variable("TELEGRAM_TOKEN"), variable("BOT_ACCOUNT"), variable("BOT_CHAT_DAILY_USD")];
  const apiRoot = URL.parse(variable("TELEGRAM_API") || TELEGRAM_API);
  const faults: string[] = [];
  if (token !== "" && !TELEGRAM_TOKEN.test(token)) faults.push("TELEGRAM_TOKEN is not a bot's token, 123456:ABC…");
  if (!apiRoot || unfitAsBase(apiRoot) || !(apiRoot.protocol === "https:" || isLoopback(apiRoot)))
    faults.push("TELEGRAM_API is not the address of a Bot API");
  if (limit !== "" && !AMOUNT.test(limit)) faults.push('BOT_CHAT_DAILY_USD is not an amount such as "0.50"');
  if (token !== "" && needsKeys && account === "")
    faults.push("BOT_ACCOUNT is not set: a bot needs an account that pays");
  const isUsable = token !== "" && apiRoot !== null && faults.length === 0;
  const send = createProviderFetch(new Set(apiRoot ? [apiRoot.origin] : []), fetch);
  const telegram = async () => {
    const { Telegram } = await import("./telegram.ts");
    return new Telegram({ token, apiRoot: (apiRoot as URL).href.replace(/\/$/, ""), fetch: send });
  };
  return {
    botAccount: {
      name: needsKeys ? account : null,
      dailyLimit: needsKeys && AMOUNT.test(limit) ? toNanoDollars(limit) : null,
    },
    platformOf: async (chat) => (isUsable && chat.startsWith("telegram/") ? telegram() : null),
    telegramToken: isUsable ? token : null,
    faults,
  };
}
