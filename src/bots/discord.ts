import * as z from "zod/mini";
import { LIMITS } from "../../schemas/limits.ts";
import { GuardError } from "../net/guard-error.ts";
import { guardedFetch } from "../net/guarded-fetch.ts";
import type { ProviderFetch } from "../net/provider-fetch.ts";
import { retryAfterMs } from "../net/retry-after.ts";
import { madeAt } from "./discord-interaction.ts";
import { markdownLength, toMarkdown } from "./discord-text.ts";
import type { BotAnswer, BotMessage, Platform, PlatformPicture } from "./platform.ts";
import { PlatformError } from "./platform-error.ts";

/** An application of Discord. */
export interface DiscordSettings {
  readonly application: string;
  /** 32 bytes in hexadecimal. */
  readonly publicKey: string;
  /** The bot's token; null where there is none. Without it, no answer can come after the interaction's end. */
  readonly token: string | null;
  readonly apiRoot: string;
}

/** How Discord is reached. */
export interface DiscordNetwork {
  readonly fetch: ProviderFetch;
  /** Fetches attachments, from the public internet and from the origins that are allowed besides. */
  readonly fetchPublic: ProviderFetch;
  readonly allowedOrigins: ReadonlySet<string>;
  readonly clock: () => number;
}

/** How an application names itself (docs.discord.com, "API Reference", "User Agent"). */
export const USER_AGENT = "DiscordBot (https://namesight.example, 1)";
/** How long the token of an interaction is of use, in milliseconds: 15 minutes, less the time of a call. */
const TOKEN_MS = 15 * 60_000 - 5_000;
/** How long an interaction may be unknown, because the response that makes it known is on its way, in milliseconds. */
const UNKNOWN_MS = 15_000;
/** Maximum duration of a call, and the wait after one that failed without saying for how long, in milliseconds. */
const [CALL_MS, RETRY_MS] = [30_000, 5_000];
/** The wait for an interaction to become known, in milliseconds. */
const KNOWN_MS = 1_000;
/** Codes of Discord: the token of an interaction has ended. */
const INVALID_TOKEN = 50_027;
/** Nobody is told of an answer by what the post's text says, and no link in it is looked at. */
const QUIETLY = { allowed_mentions: { parse: [] }, flags: 4 } as const;
/** What the first message of an interaction is called. */
const ORIGINAL = "@original";
const Refusal = z.object({
  code: z.optional(z.number()),
  message: z.optional(z.string()),
  retry_after: z.optional(z.number()),
});

/** Discord's API. The placeholder is the response that the interaction had: nothing is said before an answer. */
export class Discord implements Platform {
  readonly textLength = { caption: 2_000, text: 2_000, of: markdownLength };
  readonly #settings: DiscordSettings;
  readonly #network: DiscordNetwork;

  constructor(settings: DiscordSettings, network: DiscordNetwork) {
    this.#settings = settings;
    this.#network = network;
  }

  async say(): Promise<string> {
    return ORIGINAL;
  }

  async picture({ id: url }: PlatformPicture, signal: AbortSignal): Promise<Uint8Array> {
    const { fetchPublic, allowedOrigins } = this.#network;
    const limits = { maximumBytes: LIMITS.uploadBytes, timeoutMs: LIMITS.fetchMs };
    try {
      return (await guardedFetch(url, { fetch: fetchPublic, signal, allowedOrigins, ...limits })).bytes;
    } catch (error) {
      if (!(error instanceof GuardError) || error.code === "url_too_large") throw error;
      throw new PlatformError(`the attachment ${error.detail}`, mayPass(error) ? RETRY_MS : null);
    }
  }

  async answer(message: BotMessage, said: string, { text, pictures: [first] }: BotAnswer): Promise<void> {
    const pictures = first ? [first] : [];
    const body = { content: toMarkdown(text), ...QUIETLY };
    await this.#send(message, "PATCH", `/messages/${said}`, body, pictures);
  }

  async sendMore(message: BotMessage, pictures: BotAnswer["pictures"]): Promise<void> {
    for (const picture of pictures) await this.#send(message, "POST", "", QUIETLY, [picture]);
  }

  /** Answers an interaction by its token; behind its end, in its channel by the bot's. */
  async #send(message: BotMessage, method: string, place: string, body: object, pictures: BotAnswer["pictures"]) {
    const { channel, token, target } = message.place;
    if (this.#age(message) < TOKEN_MS) {
      const webhook = `/webhooks/${this.#settings.application}/${encodeURIComponent(String(token))}`;
      try {
        return await this.#call(message, method, webhook + place, body, pictures);
      } catch (error) {
        if (!(error instanceof Refused && error.code === INVALID_TOKEN)) throw error;
      }
    }
    // An answer for one person alone is not shown to all others.
    if (message.command !== null || this.#settings.token === null) throw new PlatformError("the token has ended", null);
    const reply = target !== undefined && { message_reference: { message_id: target, fail_if_not_exists: false } };
    // Within some minutes, Discord makes one message of all that have the same nonce.
    const once = method === "PATCH" && { nonce: message.id, enforce_nonce: true };
    await this.#call(message, "POST", `/channels/${channel}/messages`, { ...body, ...reply, ...once }, pictures, {
      authorization: `Bot ${this.#settings.token}`,
    });
  }

  #age({ id }: BotMessage): number {
    return this.#network.clock() - madeAt(id);
  }

  async #call(
    message: BotMessage,
    method: string,
    path: string,
    body: object,
    pictures: BotAnswer["pictures"],
    headers: Readonly<Record<string, string>> = {},
  ): Promise<void> {
    const init = {
      method,
      headers: { "user-agent": USER_AGENT, ...headers },
      body: formOf(body, pictures),
      signal: AbortSignal.timeout(CALL_MS),
    };
    let [response, answer]: [Response | null, string] = [null, ""];
    try {
      response = await this.#network.fetch(new URL(this.#settings.apiRoot + path), init);
      answer = await response.text();
    } catch {
      // The address has the token.
      throw new PlatformError("Discord cannot be reached", RETRY_MS);
    }
    if (!response.ok) throw this.#refusal(response, answer, message);
  }

  #refusal({ status, headers }: Response, answer: string, message: BotMessage): PlatformError {
    const { code, message: reason, retry_after: seconds } = readRefusal(answer);
    const said = `Discord answers ${status}: ${code ?? ""} ${reason ?? ""}`;
    if (status === 429) {
      const wait = seconds === undefined ? retryAfterMs(headers, "", this.#network.clock()) : Math.ceil(1000 * seconds);
      return new Refused(said, wait ?? RETRY_MS, code);
    }
    // It may have done the work.
    if (status >= 500) return new PlatformError(said, RETRY_MS);
    const isEarly = status === 404 && this.#age(message) < UNKNOWN_MS;
    return new Refused(said, isEarly ? KNOWN_MS : null, code);
  }
}

/** What Discord has refused, with its code. */
class Refused extends PlatformError {
  readonly code: number | undefined;

  constructor(message: string, retryMs: number | null, code: number | undefined) {
    super(message, retryMs, true);
    this.code = code;
  }
}

function readRefusal(answer: string): z.infer<typeof Refusal> {
  try {
    return z.parse(Refusal, JSON.parse(answer));
  } catch {
    return {};
  }
}

/** Whether an attachment that could not be had may be there later. */
function mayPass({ code, detail }: GuardError): boolean {
  return code === "url_unreachable" || code === "url_too_slow" || / HTTP (429|5\d\d)$/.test(detail);
}

/** A message with its files. Files that the message has had before, and that are not named, are removed. */
function formOf(body: object, pictures: BotAnswer["pictures"]): FormData {
  const attachments = pictures.map((_, id) => ({ id, filename: fileNameOf(id) }));
  const form = new FormData();
  form.set("payload_json", JSON.stringify({ ...body, attachments }));
  for (const [id, png] of pictures.entries()) {
    form.set(`files[${id}]`, new Blob([png], { type: "image/png" }), fileNameOf(id));
  }
  return form;
}

function fileNameOf(id: number): string {
  return `namesight${id === 0 ? "" : `-${id}`}.png`;
}
