import type { Context } from "hono";
import { toUtf8 } from "../../schemas/encodings.ts";
import { isEqual } from "../../schemas/equal-bytes.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { type BotHookDependencies, readUpdate, storeMessage } from "./hook.ts";

/** What the webhook of Telegram needs of its deployment. */
export interface TelegramDependencies extends BotHookDependencies {
  /** The bot's token; null where there is no bot. */
  readonly telegramToken: string | null;
}

/** A user name of Telegram. */
const USER_NAME = /^\w{3,32}$/;
const SECRET_HEADER = "x-telegram-bot-api-secret-token";

/**
 * `POST /hooks/telegram/{bot}`: an update for the bot of this user name. It is answered as soon as its chat has stored
 * the message: no model and no platform is asked before. What needs no answer, or is no update as the bot knows them,
 * is accepted too, because Telegram would send it again. The code of bots is loaded with the first update.
 */
export const telegramRoute = (dependencies: TelegramDependencies) =>
  async function telegramRoute(context: Context): Promise<Response> {
    const { telegramToken } = dependencies;
    const bot = context.req.param("bot") ?? "";
    if (telegramToken === null || !USER_NAME.test(bot)) throw new ProblemError("not_found", "There is no such bot.");
    const { telegramSecret } = await import("./telegram-secret.ts");
    const secret = toUtf8(context.req.header(SECRET_HEADER) ?? "");
    if (!isEqual(toUtf8(await telegramSecret(telegramToken, bot)), secret)) {
      const detail = "X-Telegram-Bot-Api-Secret-Token is not this bot's. Set it by npm run bots -- setup telegram.";
      throw new ProblemError("signature_invalid", detail);
    }
    const update = await readUpdate(dependencies, (read) => read(context.req.raw, LIMITS.callbackBytes));
    const { messageOf } = await import("./telegram-update.ts");
    const message = messageOf(update, bot);
    if (message && !(await storeMessage(message, LIMITS.accountMs, dependencies))) {
      // Telegram sends it again.
      const detail = `The chat did not answer within ${LIMITS.accountMs} ms.`;
      throw new ProblemError("job_unavailable", detail, {}, { "Retry-After": "1" });
    }
    return context.body(null, 204);
  };
