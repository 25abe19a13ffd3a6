import { type Api, GrammyError } from "grammy";
import { LANGUAGE_TAGS, sentencesOf } from "../../src/bots/sentences.ts";
import { telegramSecret } from "../../src/bots/telegram-secret.ts";
import { TELEGRAM_TOKEN } from "../../src/bots/telegram-settings.ts";
import { type BotDeployment, type Findings, httpsAddress, optionsOf } from "./findings.ts";

/** A bot and the deployment that it is to have. */
export interface TelegramSetup extends BotDeployment {
  /** Empty where none is set. */
  readonly token: string;
  readonly apiRoot: string;
  readonly api: Api;
}

/** What there is of a bot before Telegram is told where it lives. */
type Ready = { readonly done: string[] } & ({ readonly bot: string; readonly next: null } | { readonly next: string });

/** The updates that the bot is told of: messages, and neither edits nor anything else. */
export const ALLOWED_UPDATES = ["message"] as const;

/** Whether everything is there that the bot of a deployment needs. */
export async function checkTelegram(setup: TelegramSetup): Promise<Findings> {
  const ready = await findReady(setup);
  if (ready.next !== null) return ready;
  const { done, bot } = ready;
  const info = await setup.api.getWebhookInfo();
  const url = webhookOf(setup, bot);
  const again = `npm run bots -- setup telegram${optionsOf(setup)}`;
  if (info.url !== url) {
    const now = info.url === "" ? "Telegram sends updates nowhere" : `Telegram sends updates to ${info.url}`;
    return { done, next: `${now}: run ${again}` };
  }
  done.push(`Telegram sends updates to ${url}`);
  if (info.pending_update_count > 0 && info.last_error_message !== undefined) {
    const next = `${info.pending_update_count} updates wait, because of: ${info.last_error_message}. When that is mended, run ${again}`;
    return { done, next };
  }
  done.push("Telegram has no trouble with it: write to the bot");
  return { done, next: null };
}

/** Tells Telegram where the bot lives, with its secret and its commands. Doing it again changes nothing. */
export async function setUpTelegram(setup: TelegramSetup): Promise<Findings> {
  const ready = await findReady(setup);
  if (ready.next !== null) return ready;
  const { done, bot } = ready;
  const { api, token } = setup;
  const url = webhookOf(setup, bot);
  await api.setWebhook(url, {
    secret_token: await telegramSecret(token, bot),
    allowed_updates: [...ALLOWED_UPDATES],
  });
  done.push(`Telegram sends updates to ${url}`);
  await setCommands(api);
  done.push("Telegram lists the bot's commands");
  return { done, next: null };
}

/** Has Telegram list the bot's commands, in each of its languages; English for all others. */
export async function setCommands(api: Api): Promise<void> {
  for (const tag of [null, ...LANGUAGE_TAGS]) {
    const commands = Object.entries(sentencesOf(tag).commands).map(([command, description]) => ({
      command,
      description,
    }));
    await api.setMyCommands(commands, tag === null ? {} : { language_code: tag as "en" });
  }
}

/** The headers with which Telegram sends an update to a bot's webhook. */
export async function webhookHeaders(token: string, bot: string): Promise<Record<string, string>> {
  return {
    "content-type": "application/json",
    "x-telegram-bot-api-secret-token": await telegramSecret(token, bot),
  };
}

/** The bot's user name. Throws an `Error` where Telegram does not know the token. */
export async function nameOf(api: Api): Promise<string> {
  try {
    return (await api.getMe()).username;
  } catch (error) {
    if (!(error instanceof GrammyError)) throw new Error("Telegram cannot be reached");
    throw new Error(`Telegram refuses TELEGRAM_TOKEN (${error.description}): copy it again from @BotFather`);
  }
}

async function findReady(setup: TelegramSetup): Promise<Ready> {
  const { token, api, fetch } = setup;
  const done: string[] = [];
  if (token === "") {
    const next = "TELEGRAM_TOKEN is not set: write /newbot to @BotFather, and put TELEGRAM_TOKEN=… into .dev.vars";
    return { done, next };
  }
  if (!TELEGRAM_TOKEN.test(token))
    return { done, next: "TELEGRAM_TOKEN is not a bot's token: it looks like 123456:ABC…" };
  let bot: string;
  try {
    bot = await nameOf(api);
  } catch (error) {
    return { done, next: (error as Error).message };
  }
  done.push(`TELEGRAM_TOKEN is that of @${bot}`);
  const url = httpsAddress(setup);
  if (!url) {
    const next =
      "Telegram needs an https address: name a deployment by --env production or --url. To try the bot on this " +
      "machine, run npm run bots -- run telegram";
    return { done, next };
  }
  const request = new Request(webhookOf(setup, bot), {
    method: "POST",
    redirect: "manual",
    headers: await webhookHeaders(token, bot),
    body: "{}",
  });
  const response = await fetch(request).catch(() => null);
  const secret = `npx wrangler secret put TELEGRAM_TOKEN${setup.environment === null ? "" : ` --env ${setup.environment}`}`;
  if (response === null) return { done, next: `${url.origin} does not answer: deploy it (docs/deploy.md)` };
  if (response.status === 404) return { done, next: `${url.origin} has no bot: run ${secret}` };
  if (response.status === 403) return { done, next: `${url.origin} has another TELEGRAM_TOKEN: run ${secret}` };
  if (!response.ok) {
    const next = `${url.origin} answers ${response.status} to an update: ${url.origin}/health says why`;
    return { done, next };
  }
  done.push(`${url.origin} takes updates for @${bot}`);
  return { done, bot, next: null };
}

function webhookOf({ address }: TelegramSetup, bot: string): string {
  return new URL(`/hooks/telegram/${bot}`, address).href;
}
