import { Api } from "grammy";
import { checkConfiguration } from "../configuration.ts";
import { type Outcome, WrongUse } from "../keys/run-command.ts";
import { endSignal } from "../stack/ending.ts";
import { startStack } from "../stack.ts";
import { pollTelegram } from "./poll-telegram.ts";
import { nameOf, setCommands, webhookHeaders } from "./telegram-setup.ts";

/**
 * Runs the bot on this machine until Ctrl-C: the Worker and the embedded models as `npm start` runs them, with the
 * updates that Telegram gives to polls.
 *
 * @param takesOver whether to remove a webhook that the bot has
 */
export async function runTelegram(token: string, apiRoot: string, takesOver: boolean): Promise<Outcome> {
  const api = new Api(token, { apiRoot });
  const bot = await nameOf(api);
  const { url } = await api.getWebhookInfo();
  if (url !== "" && !takesOver) {
    throw new WrongUse(`@${bot} works at ${url}: with --take-over it works here, until setup telegram is run again`);
  }
  if (url !== "") await api.deleteWebhook();
  const variables = await checkConfiguration({});
  const end = endSignal();
  const log: string[] = [];
  const stack = await startStack({
    // Beside an `npm start`, and with a chat's messages forgotten behind it.
    forgetsState: true,
    variables: { ...variables, ACCESS: "open", TELEGRAM_TOKEN: token, TELEGRAM_API: apiRoot },
    signal: end,
    onOutput: (source, text) => void log.push(`[${source}] ${text}`),
  });
  try {
    await setCommands(api);
    console.log(`@${bot} is up: send it a picture with the text of its post as the caption. Ctrl-C stops it.`);
    const headers = await webhookHeaders(token, bot);
    const post = (update: object) =>
      fetch(new URL(`/hooks/telegram/${bot}`, stack.url), {
        method: "POST",
        headers,
        body: JSON.stringify(update),
      });
    const reason = await Promise.race([pollTelegram(api, post, end), stack.ended]);
    if (reason === null) return { json: { bot }, text: `@${bot} is stopped.` };
    console.error(log.slice(-20).join(""));
    return { json: { bot, reason }, text: `@${bot} stopped: ${reason}`, failed: true };
  } finally {
    await stack.stop();
  }
}
