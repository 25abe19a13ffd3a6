import type { Update } from "grammy/types";
import type { Context } from "hono";
import { toUtf8 } from "../../schemas/encodings.ts";
import { isEqual } from "../../schemas/equal-bytes.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { readBounded } from "../request/bounded-body.ts";
import { decodeText } from "../request/decode-text.ts";
import { parseFields } from "../request/parse-json.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Runtime } from "../runtime.ts";
import type { Objects } from "../storage/durable-objects.ts";
import type { ChatCalls } from "./chat-state.ts";
import { telegramSecret } from "./telegram-secret.ts";
import { messageOf } from "./telegram-update.ts";

/** What the webhook of Telegram needs of its deployment. */
export interface TelegramDependencies extends Pick<Runtime, "timer"> {
  /** The bot's token; null where there is no bot. */
  readonly telegramToken: string | null;
  readonly chats: Objects<ChatCalls>;
}

/**
 * `POST /hooks/telegram/{bot}`: an update for the bot of this user name. It is answered as soon as its chat has stored
 * the message: no model and no platform is asked before. What needs no answer is answered with 200 too, because
 * Telegram would send it again.
 */
export const telegramRoute = ({ telegramToken, chats, timer }: TelegramDependencies) =>
  async function telegramRoute(context: Context): Promise<Response> {
    if (telegramToken === null) throw new ProblemError("not_found", "This deployment has no bot of Telegram.");
    const secret = context.req.header("x-telegram-bot-api-secret-token") ?? "";
    if (!isEqual(toUtf8(secret), toUtf8(await telegramSecret(telegramToken)))) {
      const detail = "X-Telegram-Bot-Api-Secret-Token is not the bot's: run npm run bots -- setup telegram.";
      throw new ProblemError("signature_invalid", detail);
    }
    const signal = timer(LIMITS.callbackMs);
    const body = await readBounded(context.req.raw, signal, LIMITS.callbackBytes);
    const update = parseFields(decodeText(body, null, "", "invalid_json"), "") as unknown as Update;
    const message = messageOf(update, context.req.param("bot") ?? "");
    if (message) await untilAborted(chats.at(message.chat).receive(message), signal);
    return context.json({});
  };
