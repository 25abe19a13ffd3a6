import type { Context } from "hono";
import { toUtf8 } from "../../schemas/encodings.ts";
import { isEqual } from "../../schemas/equal-bytes.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { describeError } from "../observe/log.ts";
import type { Deployment } from "../pipeline/deployment.ts";
import { readBounded } from "../request/bounded-body.ts";
import { decodeText } from "../request/decode-text.ts";
import { parseFields } from "../request/parse-json.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Objects } from "../storage/durable-objects.ts";
import type { ChatCalls } from "./chat-state.ts";
import type { BotMessage } from "./platform.ts";

/** What the webhook of Telegram needs of its deployment. */
export interface TelegramDependencies extends Pick<Deployment, "timer" | "memory" | "log"> {
  /** The bot's token; null where there is no bot. */
  readonly telegramToken: string | null;
  readonly chats: Objects<ChatCalls>;
}

/** A user name of Telegram. */
const USER_NAME = /^\w{3,32}$/;
const SECRET_HEADER = "x-telegram-bot-api-secret-token";
/** Copies of a body that are held at a time: its bytes, its text and its values. */
const BODY_COPIES = 4;

/**
 * `POST /hooks/telegram/{bot}`: an update for the bot of this user name. It is answered as soon as its chat has stored
 * the message: no model and no platform is asked before. What needs no answer, or is no update as the bot knows them,
 * is accepted too, because Telegram would send it again. The code of bots is loaded with the first update.
 */
export const telegramRoute = (dependencies: TelegramDependencies) =>
  async function telegramRoute(context: Context): Promise<Response> {
    const { telegramToken, timer } = dependencies;
    const bot = context.req.param("bot") ?? "";
    if (telegramToken === null || !USER_NAME.test(bot)) throw new ProblemError("not_found", "There is no such bot.");
    const { telegramSecret } = await import("./telegram-secret.ts");
    const secret = toUtf8(context.req.header(SECRET_HEADER) ?? "");
    if (!isEqual(toUtf8(await telegramSecret(telegramToken, bot)), secret)) {
      const detail = "X-Telegram-Bot-Api-Secret-Token is not this bot's. Set it by npm run bots -- setup telegram.";
      throw new ProblemError("signature_invalid", detail);
    }
    const late = timer(LIMITS.callbackMs);
    const update = await readUpdate(context.req.raw, late, dependencies);
    const { messageOf } = await import("./telegram-update.ts");
    const message = messageOf(update, bot);
    if (message) await receive(message, dependencies);
    return context.body(null, 204);
  };

async function readUpdate(request: Request, late: AbortSignal, { memory }: TelegramDependencies): Promise<unknown> {
  const claim = memory.open(LIMITS.callbackMs);
  try {
    const grow = (bytes: number) => claim.grow(BODY_COPIES * bytes);
    const body = await readBounded(request, late, LIMITS.callbackBytes, grow);
    return parseFields(decodeText(body, null, "", "invalid_json"), "");
  } finally {
    claim.end();
  }
}

/** Has the chat store a message. Telegram sends it again where that does not work. */
async function receive(message: BotMessage, { chats, timer, log }: TelegramDependencies): Promise<void> {
  try {
    await untilAborted(chats.at(message.chat).receive(message), timer(LIMITS.accountMs));
  } catch (error) {
    log({ event: "chat_unavailable", ...describeError(error) });
    const detail = `The chat did not answer within ${LIMITS.accountMs} ms.`;
    throw new ProblemError("job_unavailable", detail, {}, { "Retry-After": "1" });
  }
}
