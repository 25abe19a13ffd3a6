import type { Message, MessageEntity, Update, UserFromGetMe, WebhookInfo } from "grammy/types";
import { type Arguments, METHODS, type Method, type Result, readArguments } from "./telegram-methods.ts";

/** A message as a person in the chat sees it now. */
export interface Shown {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  /** The PNG's bytes; null for a text. */
  readonly photo: Uint8Array | null;
  readonly replyTo: number | null;
}

export type Fields = Readonly<Record<string, unknown>>;
export type Fault = "429" | "500" | "403" | "lost" | "cut" | "bad photo" | "none";
/** What the API answers; null closes the connection without an answer. */
export type Reply = { readonly status: number; readonly body: object } | null;

const CAPTION_LENGTH = 1_024;
const TEXT_LENGTH = 4_096;
const FILE_BYTES = 20 * 1024 * 1024;
const [PHOTO_BYTES, PHOTO_RATIO] = [10 * 1024 * 1024, 20];

/**
 * Telegram's Bot API for one bot and one chat, as https://core.telegram.org/bots/api has it: methods, parameters and
 * results are held to the published types (telegram-methods.ts), and it refuses what the documentation forbids:
 * captions over 1,024 UTF-16 code units, entities outside of the text, edits of what is not there or changes nothing,
 * polls beside a webhook.
 */
export class TelegramChat {
  readonly token = "123456:test-token-of-the-bot";
  readonly bot = "NamesightBot";
  /** What the chat shows, by message. */
  readonly shown = new Map<number, Shown>();
  /** Every method that was called, in order. */
  readonly calls: string[] = [];
  readonly files = new Map<string, Uint8Array>();
  /** Faults of the next calls, the first one first: "lost" does the work and breaks the connection, "none" is none. */
  readonly faults: Fault[] = [];
  readonly commands: object[] = [];
  updates: Update[] = [];
  webhook: WebhookInfo & { secret?: string } = { url: "", has_custom_certificate: false, pending_update_count: 0 };
  #last = 1_000;

  handle(method: string, fields: Fields): Reply {
    this.calls.push(method);
    const fault = this.faults.shift();
    if (fault === "cut") return null;
    if (fault === "429") return refusal(429, "Too Many Requests: retry after 3", { retry_after: 3 });
    if (fault === "500") return refusal(500, "Internal Server Error");
    if (fault === "403") return refusal(403, "Forbidden: bot was blocked by the user");
    if (fault === "bad photo") return refusal(400, "Bad Request: PHOTO_INVALID_DIMENSIONS");
    if (!(method in METHODS)) return refusal(404, "Not Found");
    try {
      const files = new Set(Object.keys(fields).filter((name) => fields[name] instanceof Uint8Array));
      const given = readArguments(method as Method, fields, files);
      const result = this.#do[method as Method](given as never, fields);
      return fault === "lost" ? null : { status: 200, body: { ok: true, result } };
    } catch (error) {
      if (error instanceof Conflict) return refusal(409, `Conflict: ${error.message}`);
      return refusal(400, `Bad Request: ${(error as Error).message}`);
    }
  }

  readonly #do: { [Name in Method]: (given: Arguments<Name>, fields: Fields) => Result<Name> } = {
    getMe: () => ({ ...BOT, username: this.bot }),
    getWebhookInfo: () => {
      const { secret: _, ...info } = this.webhook;
      return info;
    },
    setWebhook: ({ url, secret_token: secret, allowed_updates, max_connections }) => {
      if (url !== "" && !url.startsWith("https://")) {
        throw new Error("bad webhook: An HTTPS URL must be provided for webhook");
      }
      if (secret !== undefined && !/^[\w-]{1,256}$/.test(secret)) {
        throw new Error("secret token contains unallowed characters");
      }
      const given = { ...(allowed_updates && { allowed_updates: [...allowed_updates] }), ...(secret && { secret }) };
      this.webhook = { ...this.webhook, url, ...(max_connections && { max_connections }), ...given };
      return true;
    },
    deleteWebhook: () => {
      this.webhook = { url: "", has_custom_certificate: false, pending_update_count: 0 };
      return true;
    },
    setMyCommands: ({ commands, ...more }) => {
      for (const { command, description } of commands) {
        if (!/^[a-z0-9_]{1,32}$/.test(command)) throw new Error("BOT_COMMAND_INVALID");
        if (description.length < 1 || description.length > 256) throw new Error("BOT_COMMAND_DESCRIPTION_INVALID");
      }
      this.commands.push({ commands, ...more });
      return true;
    },
    getUpdates: ({ offset = 0, limit = 100 }) => {
      if (this.webhook.url !== "") {
        throw new Conflict("can't use getUpdates method while webhook is active; use deleteWebhook to delete it first");
      }
      this.updates = this.updates.filter(({ update_id }) => update_id >= offset);
      return this.updates.slice(0, limit);
    },
    getFile: ({ file_id: id }) => {
      const bytes = this.files.get(id);
      if (!bytes) throw new Error("wrong file_id or the file is temporarily unavailable");
      if (bytes.length > FILE_BYTES) throw new Error("file is too big");
      return { file_id: id, file_unique_id: id, file_size: bytes.length, file_path: `photos/${id}.jpg` };
    },
    sendMessage: (given) => {
      const said = this.#said(given.text, given.entities, TEXT_LENGTH);
      return this.#send(said, null, given) as Message.TextMessage;
    },
    sendPhoto: (given, fields) => {
      const said = this.#said(given.caption ?? "", given.caption_entities, CAPTION_LENGTH);
      return this.#send(said, photoIn(fields, given.photo), given) as Message.PhotoMessage;
    },
    sendMediaGroup: (given, fields) => {
      if (given.media.length < 2 || given.media.length > 10) throw new Error("group send failed: 2 to 10 items");
      return [...given.media].map(({ type, media, caption, caption_entities }) => {
        if (type !== "photo") throw new Error("the bot sends photos alone");
        const said = this.#said(caption ?? "", caption_entities, CAPTION_LENGTH);
        return this.#send(said, photoIn(fields, media), given) as Message.PhotoMessage;
      });
    },
    editMessageText: ({ message_id, text, entities, link_preview_options: preview }) => {
      if (!preview?.is_disabled) throw new Error("it shows a page that a post names");
      const before = this.#before(message_id);
      if (before.photo) throw new Error("there is no text in the message to edit");
      const said = this.#said(String(text), entities, TEXT_LENGTH);
      return this.#edit(message_id, before, said, null) as Message.TextMessage & { edit_date: number };
    },
    editMessageMedia: ({ message_id, media }, fields) => {
      const before = this.#before(message_id);
      if (media.type !== "photo") throw new Error("the bot sends photos alone");
      const said = this.#said(media.caption ?? "", media.caption_entities, CAPTION_LENGTH);
      return this.#edit(message_id, before, said, photoIn(fields, media.media)) as Message.PhotoMessage & {
        edit_date: number;
      };
    },
  };

  #said(text: string, entities: readonly MessageEntity[] = [], limit: number): Pick<Shown, "text" | "entities"> {
    if (limit === TEXT_LENGTH && text === "") throw new Error("message text is empty");
    if (text.length > limit) throw new Error(`message ${limit === TEXT_LENGTH ? "" : "caption "}is too long`);
    if (entities.some(({ offset, length }) => offset < 0 || length < 1 || offset + length > text.length)) {
      throw new Error("ENTITY_BOUNDS_INVALID");
    }
    return { text, entities };
  }

  #send(
    said: Pick<Shown, "text" | "entities">,
    photo: Uint8Array | null,
    given: { readonly reply_parameters?: { readonly message_id?: number } },
  ) {
    const id = ++this.#last;
    this.shown.set(id, { ...said, photo, replyTo: given.reply_parameters?.message_id ?? null });
    return this.#message(id);
  }

  #before(id: number | undefined): Shown {
    const before = this.shown.get(id ?? 0);
    if (!before) throw new Error("message to edit not found");
    return before;
  }

  #edit(id: number | undefined, before: Shown, said: Pick<Shown, "text" | "entities">, photo: Uint8Array | null) {
    // A photo that is sent again is another file for Telegram.
    const isSame = photo === null && before.text === said.text && same(before.entities, said.entities);
    if (isSame) throw new Error("message is not modified: specified new message content is exactly the same");
    this.shown.set(id ?? 0, { ...said, photo, replyTo: before.replyTo });
    return { ...this.#message(id ?? 0), edit_date: 1 };
  }

  #message(id: number): object {
    const { text, entities, photo } = this.shown.get(id) as Shown;
    const content = photo
      ? { photo: [{ file_id: `sent${id}`, file_unique_id: `sent${id}`, width: 1, height: 1 }], caption: text }
      : { text, entities };
    const chat = { id: 42, type: "private", first_name: "Ada" };
    return { message_id: id, date: 1, chat, from: { ...BOT, username: this.bot }, ...content };
  }
}

class Conflict extends Error {}

const BOT: Omit<UserFromGetMe, "username"> = {
  id: 123456,
  is_bot: true,
  first_name: "Namesight",
  can_join_groups: true,
  can_read_all_group_messages: false,
  can_manage_bots: false,
  supports_inline_queries: false,
  supports_guest_queries: false,
  supports_join_request_queries: false,
  can_connect_to_business: false,
  has_main_web_app: false,
  has_topics_enabled: false,
  allows_users_to_create_topics: false,
};

const same = (one: readonly MessageEntity[], other: readonly MessageEntity[]) =>
  JSON.stringify(one) === JSON.stringify(other);

/** A picture that came with the call: `attach://part` names its part. Telegram refuses ones of extreme forms. */
function photoIn(fields: Fields, reference: unknown): Uint8Array {
  const part = fields[String(reference).replace("attach://", "")];
  if (!(part instanceof Uint8Array) || part.length === 0) throw new Error("there is no photo in the request");
  if (part.length > PHOTO_BYTES) throw new Error("file is too big");
  const view = new DataView(part.buffer, part.byteOffset);
  const [width, height] = [view.getUint32(16), view.getUint32(20)];
  if (width + height > 10_000 || Math.max(width, height) > PHOTO_RATIO * Math.min(width, height)) {
    throw new Error("PHOTO_INVALID_DIMENSIONS");
  }
  return part;
}

function refusal(code: number, description: string, parameters: object = {}) {
  return { status: code, body: { ok: false, error_code: code, description, parameters } };
}
