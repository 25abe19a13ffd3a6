import { toNanoDollars } from "../../schemas/money.ts";
import { createProviderFetch, isLoopback, type ProviderFetch, unfitAsBase } from "../net/provider-fetch.ts";
import { createWebhookFetch } from "../net/webhook-fetch.ts";
import type { Runtime } from "../runtime.ts";
import type { BotAccount } from "./deployment.ts";
import type { DiscordSettings } from "./discord.ts";
import { DISCORD_API, DISCORD_APPLICATION, DISCORD_PUBLIC_KEY, DISCORD_TOKEN } from "./discord-settings.ts";
import type { Platform } from "./platform.ts";
import { SLACK_API, SLACK_SIGNING_SECRET, SLACK_TOKEN } from "./slack-settings.ts";
import { TELEGRAM_API, TELEGRAM_TOKEN } from "./telegram-settings.ts";

/** The variables of bots. */
type Variable = (name: string) => string;

/** What bots take from the outside world. */
export interface BotWorld extends Pick<Runtime, "clock" | "timer" | "sleep"> {
  /** In place of the network, in tests. */
  readonly fetch?: ProviderFetch | undefined;
  /** In place of the public internet, in tests and on one machine. */
  readonly fetchPublic?: ProviderFetch | undefined;
}

/** The bots of a deployment. */
export interface Bots {
  readonly botAccount: BotAccount;
  /**
   * Finds the platform of a chat by the chat's name, and loads the platform's client. Null when the platform is not
   * configured.
   */
  readonly platformOf: (chat: string) => Promise<Platform | null>;
  readonly telegramToken: string | null;
  readonly discord: DiscordSettings | null;
  readonly slackSigningSecret: string | null;
}

const AMOUNT = /^\d{1,6}(\.\d{1,9})?$/;

/**
 * Reads the variables of bots. A fault becomes a sentence in `faults`, and there is no bot then.
 *
 * @param needsKeys whether accounts pay (`ACCESS=keys`)
 */
export function readBots(
  variable: Variable,
  needsKeys: boolean,
  world: BotWorld,
): Bots & { readonly faults: readonly string[] } {
  const faults: string[] = [];
  const [account, limit] = [variable("BOT_ACCOUNT"), variable("BOT_CHAT_DAILY_USD")];
  const telegram = readTelegram(variable, faults);
  const discord = readDiscord(variable, faults);
  const slack = readSlack(variable, faults);
  if (limit !== "" && !AMOUNT.test(limit)) faults.push('BOT_CHAT_DAILY_USD is not an amount such as "0.50"');
  if ((telegram || discord || slack) && needsKeys && account === "")
    faults.push("BOT_ACCOUNT is not set: a bot needs an account that pays");
  const isUsable = faults.length === 0;
  const platformOf = async (chat: string) => {
    if (isUsable && telegram && chat.startsWith("telegram/")) return openTelegram(telegram, world);
    if (isUsable && discord && chat.startsWith("discord/")) return openDiscord(discord, world);
    if (isUsable && slack && chat.startsWith("slack/")) return openSlack(slack, world);
    return null;
  };
  return {
    botAccount: {
      name: needsKeys ? account : null,
      dailyLimit: needsKeys && AMOUNT.test(limit) ? toNanoDollars(limit) : null,
    },
    platformOf,
    telegramToken: isUsable ? (telegram?.token ?? null) : null,
    discord: isUsable ? discord : null,
    slackSigningSecret: isUsable ? (slack?.signingSecret ?? null) : null,
    faults,
  };
}

interface TelegramVariables {
  readonly token: string;
  readonly apiRoot: string;
}

/** Null where there is no bot of Telegram. */
function readTelegram(variable: Variable, faults: string[]): TelegramVariables | null {
  const token = variable("TELEGRAM_TOKEN");
  const apiRoot = readApi(variable("TELEGRAM_API") || TELEGRAM_API);
  if (token !== "" && !TELEGRAM_TOKEN.test(token)) faults.push("TELEGRAM_TOKEN is not a bot's token, 123456:ABC…");
  if (apiRoot === null) faults.push("TELEGRAM_API is not the address of a Bot API");
  return token === "" || apiRoot === null ? null : { token, apiRoot };
}

/** Null where there is no application of Discord. */
function readDiscord(variable: Variable, faults: string[]): DiscordSettings | null {
  const [publicKey, application] = [variable("DISCORD_PUBLIC_KEY"), variable("DISCORD_APPLICATION_ID")];
  const token = variable("DISCORD_TOKEN");
  const apiRoot = readApi(variable("DISCORD_API") || DISCORD_API);
  if (publicKey !== "" && !DISCORD_PUBLIC_KEY.test(publicKey))
    faults.push("DISCORD_PUBLIC_KEY is not an application's key, 64 digits and letters from a to f");
  if (application !== "" && !DISCORD_APPLICATION.test(application))
    faults.push("DISCORD_APPLICATION_ID is not an application's id, digits alone");
  if ((publicKey === "") !== (application === ""))
    faults.push("DISCORD_PUBLIC_KEY and DISCORD_APPLICATION_ID are to be set both, or neither");
  if (token !== "" && !DISCORD_TOKEN.test(token))
    faults.push("DISCORD_TOKEN is not a bot's token, three parts and dots");
  if (apiRoot === null) faults.push("DISCORD_API is not the address of Discord's API");
  if (publicKey === "" || application === "" || apiRoot === null) return null;
  return { publicKey, application, apiRoot, token: token === "" ? null : token };
}

interface SlackVariables {
  readonly token: string;
  readonly signingSecret: string;
  readonly api: string;
}

/** Null where there is no app of Slack. */
function readSlack(variable: Variable, faults: string[]): SlackVariables | null {
  const [token, signingSecret] = [variable("SLACK_TOKEN"), variable("SLACK_SIGNING_SECRET")];
  const api = readApi(variable("SLACK_API") || SLACK_API);
  if (token !== "" && !SLACK_TOKEN.test(token)) faults.push("SLACK_TOKEN is not a bot's token, xoxb-…");
  if (signingSecret !== "" && !SLACK_SIGNING_SECRET.test(signingSecret))
    faults.push("SLACK_SIGNING_SECRET is not an app's signing secret, 32 digits and letters from a to f");
  if ((token === "") !== (signingSecret === ""))
    faults.push("SLACK_TOKEN and SLACK_SIGNING_SECRET are to be set both, or neither");
  if (api === null) faults.push("SLACK_API is not the address of Slack's Web API");
  return token === "" || signingSecret === "" || api === null ? null : { token, signingSecret, api };
}

/** The address of an API without its last slash: https, or on this machine. Null for another. */
function readApi(address: string): string | null {
  const url = URL.parse(address);
  const isFit = url !== null && !unfitAsBase(url) && (url.protocol === "https:" || isLoopback(url));
  return isFit ? url.href.replace(/\/$/, "") : null;
}

async function openTelegram(settings: TelegramVariables, { fetch }: BotWorld): Promise<Platform> {
  const { Telegram } = await import("./telegram.ts");
  const origins = new Set([new URL(settings.apiRoot).origin]);
  return new Telegram({ ...settings, fetch: createProviderFetch(origins, fetch) });
}

async function openDiscord(settings: DiscordSettings, { clock, fetch, fetchPublic }: BotWorld): Promise<Platform> {
  const { Discord } = await import("./discord.ts");
  const api = new URL(settings.apiRoot);
  // A Discord on this machine has its attachments here too. All others have them on the public internet.
  const allowedOrigins = new Set(isLoopback(api) ? [api.origin] : []);
  return new Discord(settings, {
    fetch: createProviderFetch(new Set([api.origin]), fetch),
    fetchPublic: createWebhookFetch(allowedOrigins, fetch, fetchPublic),
    allowedOrigins,
    clock,
  });
}

async function openSlack({ token, api }: SlackVariables, { fetch, timer, sleep }: BotWorld): Promise<Platform> {
  const { Slack, SLACK_FILES } = await import("./slack.ts");
  const origins = new Set([new URL(api).origin, SLACK_FILES]);
  return new Slack({ token, api, timer, sleep, fetch: createProviderFetch(origins, fetch) });
}
