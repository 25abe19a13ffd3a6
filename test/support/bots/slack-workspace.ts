import { type Given, METHODS, type Method, readArguments, scopesOf } from "./slack-methods.ts";

/** A message of the bot as a person sees it now. */
export interface Shown {
  readonly channel: string;
  readonly text: string;
  readonly thread: string | null;
  /** The PNGs of its image blocks. */
  readonly pictures: readonly Uint8Array[];
  readonly metadata: unknown;
}

export interface SlackFile {
  readonly bytes: Uint8Array;
  readonly type: string;
  /** Where a file is that Slack only names; the files of Slack without it. */
  readonly url?: string;
}

export type Fault = "429" | "500" | "lost" | "cut" | { readonly error: string };
/** What Slack answers; null closes the connection without an answer. */
export type Reply = { readonly status: number; readonly headers?: object; readonly body: object } | null;

interface Block {
  readonly type: string;
  readonly text?: { readonly type: string; readonly text: string };
  readonly alt_text?: string;
  readonly slack_file?: { readonly id?: string; readonly url?: string };
}

const [TEXT_LENGTH, UPDATE_LENGTH, SECTION_LENGTH, DESCRIPTION_LENGTH, MOST_BLOCKS] = [40_000, 4_000, 3_000, 2_000, 50];

/**
 * A workspace of Slack with one app and one channel, as docs.slack.dev has its Web API: methods and arguments are held
 * to slack-methods.ts, and what the documentation forbids is refused, such as an image block with a file that is not
 * taken in yet, or is another bot's.
 */
export class SlackWorkspace {
  readonly token = "xoxb-1111-2222-testTokenOfTheBot";
  readonly signingSecret = "8f742231b10e8888abcd99eee5f6a7b8";
  readonly bot = "UB0T00001";
  readonly scopes = new Set(
    "app_mentions:read chat:write commands files:read files:write channels:history groups:history im:history".split(
      " ",
    ),
  );
  /** What the bot shows, by the time of the message. */
  readonly shown = new Map<string, Shown>();
  /** Messages of people and of other apps, by their time. A reply has `thread_ts`. */
  readonly posts = new Map<string, object>();
  /** Pictures of people. */
  readonly files = new Map<string, SlackFile>();
  /** Every method that was called, in order. */
  readonly calls: string[] = [];
  /** Faults of the next calls, the first one first: "lost" does the work and breaks the connection. */
  readonly faults: Fault[] = [];
  /** Where files are: `https://files.slack.com`, or this server. */
  origin = "https://files.slack.com";
  /** Looks at a file of the bot until it is taken in: Slack does that in the background. */
  looks = 2;
  /** Files of the bot: their bytes, and how often each was looked at since it was complete. */
  readonly uploads = new Map<string, { bytes: Uint8Array; length: number; looks: number | null }>();
  #last = 1_700_001_000;

  handle(method: string, form: URLSearchParams): Reply {
    this.calls.push(method);
    const fault = this.faults.shift();
    if (fault === "cut") return null;
    if (fault === "429") return { status: 429, headers: { "retry-after": "3" }, body: refusal("ratelimited") };
    if (fault === "500") return { status: 500, body: {} };
    if (typeof fault === "object") return { status: 200, body: refusal(fault.error) };
    if (!(method in METHODS)) return { status: 200, body: refusal("unknown_method") };
    try {
      const given = readArguments(method as Method, form);
      const scopes = scopesOf(method as Method, String(given.channel ?? ""));
      if (scopes.length > 0 && !scopes.some((scope) => this.scopes.has(scope))) throw new Error("missing_scope");
      const result = this.#do[method as Method](given);
      return fault === "lost" ? null : { status: 200, body: { ok: true, ...result } };
    } catch (error) {
      return { status: 200, body: refusal((error as Error).message) };
    }
  }

  /** What an upload address does with the bytes that it gets; null where there is no such address. */
  upload(path: string, bytes: Uint8Array): number {
    const upload = this.uploads.get(/^\/upload\/v1\/(F\w+)$/.exec(path)?.[1] ?? "");
    if (!upload) return 404;
    if (bytes.length !== upload.length) return 400;
    upload.bytes = bytes;
    return 200;
  }

  /** A private file; a page to sign in for who has no token. */
  download(path: string, authorization: string | null): SlackFile & { readonly status: number } {
    const page = { status: 200, type: "text/html; charset=utf-8", bytes: new TextEncoder().encode("<!DOCTYPE html>") };
    if (authorization !== `Bearer ${this.token}`) return page;
    const file = this.files.get(/^\/files-pri\/T1-(F\w+)\//.exec(path)?.[1] ?? "");
    return file ? { status: 200, ...file } : { ...page, status: 404 };
  }

  readonly #do: Readonly<Record<Method, (given: Given) => object>> = {
    "auth.test": () => ({
      url: "https://test.slack.com/",
      team: "Test",
      user: "namesight",
      user_id: this.bot,
      bot_id: "B1",
    }),
    "chat.postMessage": ({ channel: given, thread_ts: thread = null, text, blocks, metadata = null }) => {
      const [channel, ts] = [String(given), `${++this.#last}.000100`];
      this.shown.set(ts, { channel, ...this.#content(text, blocks), thread: thread as string | null, metadata });
      return { channel, ts };
    },
    "chat.update": ({ channel, ts, text, blocks }) => {
      const before = this.shown.get(String(ts));
      if (!before || before.channel !== channel) throw new Error("message_not_found");
      if (String(text).length > UPDATE_LENGTH) throw new Error("msg_too_long");
      this.shown.set(String(ts), { ...before, ...this.#content(text, blocks) });
      return { channel, ts, text };
    },
    "conversations.replies": ({ channel, ts, oldest = "0", limit = 1_000, include_all_metadata: isAll }) => {
      const root = this.posts.get(String(ts));
      if (!root) throw new Error("thread_not_found");
      const own = [...this.shown].filter(([, one]) => one.channel === channel && one.thread === ts);
      const others = [...this.posts].filter(
        ([name, post]) => name !== ts && "thread_ts" in post && post.thread_ts === ts,
      );
      const replies = [...own, ...others]
        .filter(([name]) => name > String(oldest))
        .sort(([one], [other]) => (one < other ? -1 : 1))
        .map(([name, { metadata, ...post }]: [string, { metadata?: unknown }]) => ({
          ...{ ts: name, ...post },
          ...(isAll === true && metadata !== null && { metadata }),
        }));
      return { messages: [{ ts, ...root }, ...replies].slice(0, Number(limit)) };
    },
    "files.info": ({ file }) => ({ file: this.#info(String(file)) }),
    "files.getUploadURLExternal": ({ length }) => {
      const id = `F0UPLOAD${1_000 + this.uploads.size}`;
      this.uploads.set(id, { bytes: new Uint8Array(), length: Number(length), looks: null });
      return { upload_url: `${this.origin}/upload/v1/${id}`, file_id: id };
    },
    "files.completeUploadExternal": ({ files }) => {
      for (const { id } of files as Array<{ id: string }>) {
        const upload = this.uploads.get(id);
        if (!upload?.bytes.length || upload.looks !== null) throw new Error("file_not_found");
        upload.looks = 0;
      }
      return { files };
    },
  };

  #info(id: string): object {
    const upload = this.uploads.get(id);
    if (upload?.looks != null) return { id, mimetype: ++upload.looks < this.looks ? "" : "image/png" };
    const file = this.files.get(id);
    if (!file) throw new Error("file_not_found");
    const url_private = file.url ?? `${this.origin}/files-pri/T1-${id}/picture.png`;
    return { id, mimetype: file.type, size: file.bytes.length, url_private };
  }

  #content(text: unknown, blocks: unknown): Pick<Shown, "text" | "pictures"> {
    const said = String(text ?? "");
    if (said === "") throw new Error("no_text");
    if (said.length > TEXT_LENGTH) throw new Error("msg_too_long");
    if (/<[@#!]/.test(said)) throw new Error("it calls somebody");
    if (blocks === undefined) return { text: said, pictures: [] };
    const all = blocks as Block[];
    if (all.length > MOST_BLOCKS) throw new Error("invalid_blocks");
    const sections = all.flatMap((block) => (block.type === "section" ? [this.#section(block)] : []));
    const pictures = all.flatMap((block) => (block.type === "section" ? [] : [this.#picture(block)]));
    return { text: sections.join("\n"), pictures };
  }

  #section({ text }: Block): string {
    const isFit = text?.type === "mrkdwn" && text.text !== "" && text.text.length <= SECTION_LENGTH;
    if (!isFit || /<[@#!]/.test(text.text)) throw new Error("invalid_blocks");
    return text.text;
  }

  #picture({ type, alt_text, slack_file }: Block): Uint8Array {
    const upload = this.uploads.get(slack_file?.id ?? "");
    const isFit = type === "image" && alt_text !== undefined && alt_text.length <= DESCRIPTION_LENGTH;
    if (!isFit || !upload || (upload.looks ?? 0) < this.looks || !/^F[A-Z0-9]{8,}$/.test(slack_file?.id ?? "")) {
      throw new Error("invalid_blocks");
    }
    return upload.bytes;
  }
}

function refusal(error: string): object {
  return { ok: false, error };
}
