import type { World } from "../../../src/bindings.ts";
import { telegramSecret } from "../../../src/bots/telegram-secret.ts";
import { TelegramChat } from "../../support/bots/telegram-chat.ts";
import { telegramFetch } from "../../support/bots/telegram-fetch.ts";
import { blackPng } from "../../support/png.ts";
import type { ScriptedCog } from "../../support/scripted-cog.ts";
import { SIZE, scriptedPost } from "../harness.ts";
import { startChats } from "./chat-objects.ts";

const TELEGRAM = "https://telegram.test";

let chats = 0;

/** The app with a bot of Telegram: a scripted Telegram, and scripted models. */
export async function startBot({ cog = scriptedPost(), fetch }: { cog?: ScriptedCog; fetch?: World["fetch"] } = {}) {
  const telegram = new TelegramChat();
  // One for each test: Durable Objects outlive them.
  const chatId = 1_000 + ++chats;
  const toTelegram = telegramFetch(telegram);
  const { ask, ...objects } = startChats(
    cog,
    (url, init) => (url.origin === TELEGRAM ? toTelegram(url, init) : (fetch ?? cog.fetch)(url, init)),
    `telegram/${telegram.bot.toLowerCase()}/${chatId}`,
    { TELEGRAM_TOKEN: telegram.token, TELEGRAM_API: TELEGRAM },
  );
  const secret = await telegramSecret(telegram.token, telegram.bot);
  let messages = 0;
  return {
    ...objects,
    telegram,
    secret,
    /** What the chat shows, the oldest first. */
    shown: () => [...telegram.shown.values()].map(({ text }) => text),
    /** Posts a body to the webhook. */
    post: (body: BodyInit, given: string | null = secret, bot: string = telegram.bot) =>
      ask(`/hooks/telegram/${bot}`, {
        method: "POST",
        headers: {
          "content-type": "application/json",
          ...(given !== null && { "x-telegram-bot-api-secret-token": given }),
        },
        body,
      }),
    /** An update with a message of the chat, as the API has it. */
    update: (message: object, id = ++messages) => {
      const from = { id: 5, is_bot: false, first_name: "Ada", language_code: "en" };
      const chat = { id: chatId, type: "private", first_name: "Ada" };
      return { update_id: id, message: { message_id: id, date: 0, from, chat, ...message } };
    },
    /** A photo of the scripted post, which Telegram has. */
    photo: async (more: object = {}) => {
      const id = `photo${chatId}-${telegram.files.size}`;
      telegram.files.set(id, new Uint8Array(await blackPng(SIZE.width, SIZE.height)));
      return { photo: [{ file_id: id, file_unique_id: id, width: 80, height: 60 }], ...more };
    },
  };
}
