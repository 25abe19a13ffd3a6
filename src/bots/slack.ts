import * as z from "zod/mini";
import { cutText } from "../../schemas/cut-text.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { GuardError } from "../net/guard-error.ts";
import type { BotAnswer, BotMessage, Platform, PlatformPicture } from "./platform.ts";
import { PlatformError } from "./platform-error.ts";
import { SlackApi, type SlackSettings } from "./slack-api.ts";
import { withRoot } from "./slack-event.ts";
import { escaped, markedLength, markedUp, SECTION_LENGTH } from "./slack-text.ts";

const Sent = z.object({ ts: z.string() });
/** Other apps' messages may have any metadata. */
const Thread = z.object({ messages: z.array(z.object({ ts: z.string(), metadata: z.optional(z.unknown()) })) });
const Info = z.object({
  file: z.object({
    url_private: z.optional(z.string()),
    size: z.optional(z.number()),
    mimetype: z.optional(z.string()),
  }),
});
const Upload = z.object({ upload_url: z.string(), file_id: z.string() });
const Done = z.looseObject({});

/** Waits before each look whether Slack has taken an uploaded picture in, in milliseconds. */
const TAKEN_IN_MS = [500, 500, 1_000, 2_000, 4_000, 8_000];
/** What marks the bot's answers in a thread. */
const MARK = "namesight_answer";
const Mark = z.object({ event_type: z.literal(MARK), event_payload: z.object({ message: z.string() }) });
/** Maximum number of messages of a thread in which a lost answer is looked for. */
const LOOKED_AT = 200;
/** Maximum length of the description of an image block. */
const DESCRIPTION_LENGTH = 2_000;

/**
 * A workspace of Slack. An answer is in the thread of the message that asked for it. Its pictures are files of the bot
 * that are shared with no channel: the image blocks of the answer show them, so that an answer that is put there again
 * shows nothing twice.
 */
export class Slack implements Platform {
  readonly textLength = { caption: SECTION_LENGTH, text: SECTION_LENGTH, of: markedLength };
  readonly words = { find: "my name", forget: 'The word "forget"' };
  readonly #settings: SlackSettings;
  readonly #api: SlackApi;

  constructor(settings: SlackSettings) {
    this.#settings = settings;
    this.#api = new SlackApi(settings);
  }

  async complete(message: BotMessage): Promise<BotMessage> {
    const { channel = "", root } = message.place;
    if (root === undefined) return message;
    const replies = this.#api.call("conversations.replies", { channel, ts: root, limit: 1 }, Done);
    return withRoot(message, await replies.catch(unlessForGood));
  }

  async say({ id, place }: BotMessage, text: string): Promise<string> {
    const { channel = "", thread: thread_ts = "" } = place;
    const metadata = { event_type: MARK, event_payload: { message: id } };
    const quietly = { unfurl_links: false, unfurl_media: false };
    const given = { channel, thread_ts, text: escaped(text), metadata, ...quietly };
    return (await this.#api.call("chat.postMessage", given, Sent)).ts;
  }

  async find({ id, place }: BotMessage): Promise<string | null> {
    const { channel = "", thread: ts = "", since: oldest = "" } = place;
    const given = { channel, ts, oldest, limit: LOOKED_AT, include_all_metadata: true };
    const { messages } = await this.#api.call("conversations.replies", given, Thread);
    const markIn = (metadata: unknown) => z.safeParse(Mark, metadata).data?.event_payload.message;
    return messages.find(({ metadata }) => markIn(metadata) === id)?.ts ?? null;
  }

  async picture({ id }: PlatformPicture, signal: AbortSignal): Promise<Uint8Array> {
    const { file } = await this.#api.call("files.info", { file: id }, Info);
    if ((file.size ?? 0) > LIMITS.uploadBytes) throw new GuardError("url_too_large", "is too large for the bot");
    const address = this.#onSlack(file.url_private);
    // A file may be on a drive that is linked to the workspace.
    if (address === null) throw new ProblemError("picture_type_not_supported", "The file is not one of Slack's.");
    return this.#api.download(address, signal);
  }

  async answer({ place }: BotMessage, said: string, { text, pictures }: BotAnswer): Promise<void> {
    const { channel = "" } = place;
    const files: string[] = [];
    for (const picture of pictures) files.push(await this.#upload(picture));
    await this.#takenIn(files);
    const section = { type: "section", text: { type: "mrkdwn", text: markedUp(text), verbatim: true } };
    const alt_text = cutText(text.text, DESCRIPTION_LENGTH - 1);
    const images = files.map((id) => ({ type: "image", slack_file: { id }, alt_text }));
    const given = { channel, ts: said, text: escaped(text.text), blocks: [section, ...images], parse: "none" };
    await this.#api.call("chat.update", given, Done);
  }

  /** All pictures are in the answer. */
  async sendMore(): Promise<void> {}

  /** The id of a picture that was uploaded for the bot alone. */
  async #upload(picture: Uint8Array<ArrayBuffer>): Promise<string> {
    const given = { filename: "namesight.png", length: picture.length };
    const { upload_url, file_id: id } = await this.#api.call("files.getUploadURLExternal", given, Upload);
    const address = this.#onSlack(upload_url);
    if (address === null) throw new PlatformError("Slack names an address that is not its own", null, true);
    await this.#api.upload(address, picture);
    await this.#api.call("files.completeUploadExternal", { files: [{ id, title: "Namesight" }] }, Done);
    return id;
  }

  /** Waits until Slack has taken uploaded files in: only then can a message show them. After a while it goes on. */
  async #takenIn(files: readonly string[]): Promise<void> {
    const { sleep, timer } = this.#settings;
    const waits = [...TAKEN_IN_MS];
    for (const file of files) {
      for (let wait = waits.shift(); wait !== undefined; wait = waits.shift()) {
        await sleep(wait, timer(2 * wait));
        if ((await this.#api.call("files.info", { file }, Info)).file.mimetype) break;
      }
    }
  }

  /** An address that Slack has named; null for one that is not its own: no other gets the token. */
  #onSlack(named = ""): string | null {
    const address = URL.parse(named)?.href ?? "";
    const origins = [new URL(this.#settings.api).origin, SLACK_FILES];
    return origins.some((origin) => address.startsWith(`${origin}/`)) ? address : null;
  }
}

/** Returns null when Slack refuses a call for good: the thread is gone, or the bot may not read it. Else throws it. */
function unlessForGood(error: unknown): null {
  if (error instanceof PlatformError && error.isRefused && error.retryMs === null) return null;
  throw error;
}

/** Where Slack keeps files. */
export const SLACK_FILES = "https://files.slack.com";
