import { createServer, type IncomingMessage, type Server } from "node:http";
import type { Message, MessageEntity } from "grammy/types";
import type { ProviderFetch } from "../../../src/net/provider-fetch.ts";

/** A message as a person in the chat sees it now. */
export interface Shown {
  readonly text: string;
  readonly entities: readonly MessageEntity[];
  /** The PNG's bytes; null for a text. */
  readonly photo: Uint8Array | null;
  readonly replyTo: number | null;
}

type Fields = Record<string, string | Uint8Array>;
type Fault = "429" | "500" | "403" | "lost" | "cut";

/**
 * Telegram's Bot API as its documentation has it, for one bot: messages can be sent and edited, files downloaded, and
 * updates polled. It refuses what the documentation forbids: captions over 1,024 UTF-16 code units, entities outside
 * of the text, edits of what is not there, and edits that change nothing.
 */
export class TelegramChat {
  readonly token = "123456:test-token";
  readonly bot = "NamesightBot";
  /** What the chat shows, by message. */
  readonly shown = new Map<number, Shown>();
  /** Every call, in order. */
  readonly calls: string[] = [];
  readonly files = new Map<string, Uint8Array>();
  /** Faults of the next calls, the first one first: "lost" does the work and breaks the connection. */
  readonly faults: Fault[] = [];
  updates: object[] = [];
  #last = 1_000;

  /** The reply to a call; null closes the connection without one. */
  handle(method: string, fields: Fields): { readonly status: number; readonly body: object } | null {
    this.calls.push(method);
    const fault = this.faults.shift();
    if (fault === "cut") return null;
    if (fault === "429") return refusal(429, "Too Many Requests: retry after 3", { retry_after: 3 });
    if (fault === "500") return refusal(500, "Internal Server Error");
    if (fault === "403") return refusal(403, "Forbidden: bot was blocked by the user");
    try {
      const result = this.#do(method, fields);
      return fault === "lost" ? null : { status: 200, body: { ok: true, result } };
    } catch (error) {
      return refusal(400, `Bad Request: ${(error as Error).message}`);
    }
  }

  #do(method: string, fields: Fields): unknown {
    switch (method) {
      case "getMe":
        return { id: 1, is_bot: true, first_name: "Namesight", username: this.bot };
      case "sendMessage":
        return this.#send(this.#textOf(fields, "text", 4_096), null, fields);
      case "sendPhoto":
        return this.#send(this.#textOf(fields, "caption", 1_024), this.#file(fields, fields.photo), fields);
      case "sendMediaGroup": {
        const media = JSON.parse(String(fields.media)) as { media: string; caption?: string }[];
        if (media.length < 2 || media.length > 10) throw new Error("a group has 2 to 10 items");
        return media.map((item) =>
          this.#send({ text: item.caption ?? "", entities: [] }, this.#file(fields, item.media), fields),
        );
      }
      case "editMessageText":
        return this.#edit(fields, this.#textOf(fields, "text", 4_096), null);
      case "editMessageMedia": {
        const media = JSON.parse(String(fields.media)) as { type: string; media: string };
        if (media.type !== "photo") throw new Error("media is no photo");
        return this.#edit(
          fields,
          this.#textOf(media as unknown as Fields, "caption", 1_024),
          this.#file(fields, media.media),
        );
      }
      case "getFile": {
        const id = String(fields.file_id);
        if (!this.files.has(id)) throw new Error("invalid file_id");
        return { file_id: id, file_unique_id: id, file_path: `photos/${id}.jpg` };
      }
      case "getUpdates": {
        const offset = Number(fields.offset ?? 0);
        return this.updates.filter((update) => (update as { update_id: number }).update_id >= offset);
      }
      case "setWebhook":
      case "deleteWebhook":
      case "setMyCommands":
        return true;
      default:
        throw new Error(`method ${method} not found`);
    }
  }

  #textOf(fields: Fields, name: string, limit: number) {
    const text = String(fields[name] ?? "");
    const given = fields[name === "text" ? "entities" : "caption_entities"];
    const entities = (typeof given === "string" ? JSON.parse(given) : (given ?? [])) as MessageEntity[];
    if (name === "text" && text === "") throw new Error("message text is empty");
    if (text.length > limit) throw new Error(`${name} is too long`);
    if (entities.some(({ offset, length }) => offset < 0 || length < 1 || offset + length > text.length)) {
      throw new Error("an entity is outside of the text");
    }
    return { text, entities };
  }

  /** A picture that came with the call: `attach://part` names its part. */
  #file(fields: Fields, reference: unknown): Uint8Array {
    const part = fields[String(reference).replace("attach://", "")];
    if (!(part instanceof Uint8Array) || part.length === 0) throw new Error("there is no photo in the request");
    return part;
  }

  #send(said: Pick<Shown, "text" | "entities">, photo: Uint8Array | null, fields: Fields): Partial<Message> {
    const id = ++this.#last;
    const reply =
      typeof fields.reply_parameters === "string" ? JSON.parse(fields.reply_parameters) : fields.reply_parameters;
    this.shown.set(id, { ...said, photo, replyTo: reply?.message_id ?? null });
    return { message_id: id };
  }

  #edit(fields: Fields, said: Pick<Shown, "text" | "entities">, photo: Uint8Array | null): Partial<Message> {
    const id = Number(fields.message_id);
    const before = this.shown.get(id);
    if (!before) throw new Error("message to edit not found");
    const isSame = before.text === said.text && (before.photo === null) === (photo === null);
    if (isSame) throw new Error("message is not modified: specified new message content is the same");
    this.shown.set(id, { ...said, photo, replyTo: before.replyTo });
    return { message_id: id };
  }
}

function refusal(code: number, description: string, parameters: object = {}) {
  return { status: code, body: { ok: false, error_code: code, description, parameters } };
}

/** Serves a chat on a socket. */
export async function serveTelegram(chat: TelegramChat): Promise<{ readonly url: string; readonly server: Server }> {
  const server = createServer(async (request, response) => {
    const path = request.url ?? "";
    const file = new RegExp(`^/file/bot${chat.token}/photos/(.+)\\.jpg$`).exec(path)?.[1];
    if (file !== undefined) {
      const bytes = chat.files.get(file);
      response.statusCode = bytes ? 200 : 404;
      return void response.end(bytes);
    }
    const method = new RegExp(`^/bot${chat.token}/(\\w+)$`).exec(path)?.[1];
    const reply = method === undefined ? refusal(401, "Unauthorized") : chat.handle(method, await fieldsOf(request));
    if (!reply) return void request.socket.destroy();
    response.statusCode = reply.status;
    response.setHeader("content-type", "application/json");
    response.end(JSON.stringify(reply.body));
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  const address = server.address();
  return { url: `http://127.0.0.1:${typeof address === "object" ? address?.port : ""}`, server };
}

/** The fields of a call, of JSON or of a form. */
async function fieldsOf(request: IncomingMessage): Promise<Fields> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part as Buffer);
  const body = Buffer.concat(parts);
  return readFields(request.headers["content-type"] ?? "", body);
}

/** The fields in a body, by its content type. */
export async function readFields(type: string, body: Uint8Array): Promise<Fields> {
  if (body.length === 0) return {};
  if (type.startsWith("application/json")) return JSON.parse(new TextDecoder().decode(body));
  const form = await new Response(body as Uint8Array<ArrayBuffer>, { headers: { "content-type": type } }).formData();
  const fields = [...form].map(async ([name, value]) => {
    return [name, typeof value === "string" ? value : new Uint8Array(await value.arrayBuffer())] as const;
  });
  return Object.fromEntries(await Promise.all(fields));
}

/** The fetch of a deployment whose Telegram answers without a socket. */
export function fetchOf(chat: TelegramChat): ProviderFetch {
  return async ({ pathname }, { body, headers }) => {
    const file = /^\/file\/bot[^/]+\/photos\/(.+)\.jpg$/.exec(pathname)?.[1];
    if (file !== undefined)
      return new Response(chat.files.get(file) as BodyInit, { status: chat.files.has(file) ? 200 : 404 });
    const bytes = new Uint8Array(await new Response(body ?? null).arrayBuffer());
    const reply = chat.handle(
      pathname.split("/").at(-1) ?? "",
      await readFields(new Headers(headers).get("content-type") ?? "", bytes),
    );
    if (!reply) throw new TypeError("the connection was closed");
    return Response.json(reply.body, { status: reply.status });
  };
}
