import type { InputMediaPhoto, MessageEntity } from "grammy/types";
import { Api, GrammyError, HttpError, InputFile } from "grammy/web";
import { LIMITS } from "../../schemas/limits.ts";
import { GuardError } from "../net/guard-error.ts";
import type { ProviderFetch } from "../net/provider-fetch.ts";
import { readCapped } from "../net/read-capped.ts";
import type { AnswerText } from "./answer-text.ts";
import type { BotAnswer, BotMessage, Platform, PlatformPicture } from "./platform.ts";
import { PlatformError } from "./platform-error.ts";

/** How a bot of Telegram is reached. */
export interface TelegramSettings {
  readonly token: string;
  /** The Bot API's own address, or that of a server of one's own. */
  readonly apiRoot: string;
  readonly fetch: ProviderFetch;
}

/** Maximum duration of a call, in seconds. */
const CALL_S = 30;
/** Wait after a call that failed without saying for how long, in milliseconds. */
const RETRY_MS = 5_000;
/** A name such as `Example.com` shows no page below the answer. */
const WITHOUT_PAGES = { link_preview_options: { is_disabled: true } } as const;

/** Telegram's Bot API, by grammY's client: one call is one HTTP request. */
export class Telegram implements Platform {
  readonly textLength = { caption: 1_024, text: 4_096 };
  readonly #settings: TelegramSettings;
  readonly #api: Api;

  constructor(settings: TelegramSettings) {
    this.#settings = settings;
    const { token, apiRoot, fetch } = settings;
    const send = (input: RequestInfo | URL, init?: RequestInit) => fetch(new URL(String(input)), init ?? {});
    this.#api = new Api(token, { apiRoot, timeoutSeconds: CALL_S, fetch: send as typeof globalThis.fetch });
  }

  async say(message: BotMessage, text: string): Promise<string> {
    const sent = await asked(() =>
      this.#api.sendMessage(chatOf(message), text, { reply_parameters: replyTo(message) }),
    );
    return String(sent.message_id);
  }

  async picture({ id }: PlatformPicture, signal: AbortSignal): Promise<Uint8Array> {
    const { file_path: path } = await asked(() => this.#api.getFile(id)).catch((error: unknown) => {
      // The Bot API lends files of up to 20 MB.
      if (saysOf(error, "file is too big")) throw new GuardError("url_too_large", "is too large for the Bot API");
      throw error;
    });
    if (path === undefined) throw new PlatformError("Telegram does not tell where the picture is", null);
    const { apiRoot, token, fetch } = this.#settings;
    const response = await asked(() => fetch(new URL(`${apiRoot}/file/bot${token}/${path}`), { signal }));
    if (!response.ok || !response.body) {
      await response.body?.cancel();
      throw new PlatformError(
        `Telegram answers ${response.status} to a picture`,
        response.status < 500 ? null : RETRY_MS,
      );
    }
    return asked(() => readCapped(response.body as ReadableStream, LIMITS.uploadBytes, signal));
  }

  async answer(message: BotMessage, said: string, { text, pictures: [first] }: BotAnswer): Promise<void> {
    const [chat, place] = [chatOf(message), Number(said)];
    await asked(() =>
      first
        ? this.#api.editMessageMedia(chat, place, photoOf(first, text))
        : this.#api.editMessageText(chat, place, text.text, { entities: boldNames(text), ...WITHOUT_PAGES }),
    ).catch((error: unknown) => {
      // It was put there before, by a call whose reply got lost.
      if (!saysOf(error, "message is not modified")) throw error;
    });
  }

  async sendMore(message: BotMessage, pictures: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    const media = pictures.map((picture) => ({ type: "photo", media: fileOf(picture) }) as const);
    const reply = { reply_parameters: replyTo(message) };
    const [only] = media;
    await asked(() =>
      only && media.length === 1
        ? this.#api.sendPhoto(chatOf(message), only.media, reply)
        : this.#api.sendMediaGroup(chatOf(message), media, reply),
    );
  }
}

/** Whether Telegram has refused a call with these words, which it has no code for. */
function saysOf(error: unknown, words: string): boolean {
  return error instanceof PlatformError && error.isRefused && error.message.includes(words);
}

function chatOf({ place }: BotMessage): number {
  return Number(place.chat);
}

/** The message that is answered. It may have been deleted meanwhile. */
function replyTo({ place }: BotMessage) {
  return { message_id: Number(place.message), allow_sending_without_reply: true };
}

function boldNames({ names }: AnswerText): MessageEntity[] {
  return names.map(({ start, end }) => ({ type: "bold", offset: start, length: end - start }));
}

function fileOf(png: Uint8Array): InputFile {
  return new InputFile(png, "namesight.png");
}

function photoOf(png: Uint8Array, text: AnswerText): InputMediaPhoto {
  return { type: "photo", media: fileOf(png), caption: text.text, caption_entities: boldNames(text) };
}

/** Calls Telegram. Throws a `PlatformError` that says whether trying again helps. */
async function asked<T>(call: () => T): Promise<Awaited<T>> {
  try {
    return await call();
  } catch (error) {
    if (error instanceof PlatformError || (error instanceof GuardError && error.code === "url_too_large")) throw error;
    if (error instanceof GrammyError) {
      const { error_code: code, description, parameters } = error;
      const retryMs = code === 429 ? (parameters.retry_after ?? 1) * 1000 : code >= 500 ? RETRY_MS : null;
      throw new PlatformError(`Telegram answers ${code}: ${description}`, retryMs, true);
    }
    // The client's own message has the token in the address.
    throw new PlatformError(error instanceof HttpError ? "Telegram cannot be reached" : "Telegram broke off", RETRY_MS);
  }
}
