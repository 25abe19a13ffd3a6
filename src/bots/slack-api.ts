import * as z from "zod/mini";
import { LIMITS } from "../../schemas/limits.ts";
import { ProblemError } from "../../schemas/problem.ts";
import { GuardError } from "../net/guard-error.ts";
import type { ProviderFetch } from "../net/provider-fetch.ts";
import { readCapped } from "../net/read-capped.ts";
import type { Runtime } from "../runtime.ts";
import { PlatformError } from "./platform-error.ts";

/** How a workspace of Slack is reached. */
export interface SlackSettings extends Pick<Runtime, "timer" | "sleep"> {
  /** The bot's token, `xoxb-…`. */
  readonly token: string;
  /** The Web API's address, without a slash at its end. */
  readonly api: string;
  /** Reaches Slack's hosts only. */
  readonly fetch: ProviderFetch;
}

/** The values of a call. Objects are sent as JSON. */
export type SlackArguments = Readonly<Record<string, string | number | boolean | object>>;

/** Maximum duration of a call, in milliseconds. */
const CALL_MS = 30_000;
/** Wait after a call that failed without saying for how long, in milliseconds. */
const RETRY_MS = 5_000;
/** Errors after which the same call may work: nothing was done. */
const REFUSED_FOR_NOW = new Set([
  ...["ratelimited", "rate_limited", "request_timeout"],
  // The workspace is being moved into an organization.
  ...["team_added_to_org", "org_login_required"],
]);
/** Errors of Slack's own, after which the work may have been done all the same. */
const BROKEN = new Set(["fatal_error", "internal_error", "service_unavailable"]);
const Reply = z.looseObject({ ok: z.boolean(), error: z.optional(z.string()) });

/**
 * Slack's Web API (docs.slack.dev/apis/web-api, read 2026-11-27): one call is one HTTP request, with a form, which
 * every method takes. Every call throws a `PlatformError` when it does not work.
 */
export class SlackApi {
  readonly #settings: SlackSettings;

  constructor(settings: SlackSettings) {
    this.#settings = settings;
  }

  /** Calls a method. Returns what it answers. */
  async call<Shape extends z.ZodMiniType>(
    method: string,
    given: SlackArguments,
    shape: Shape,
  ): Promise<z.output<Shape>> {
    const body = new URLSearchParams();
    for (const [name, value] of Object.entries(given)) {
      body.set(name, typeof value === "object" ? JSON.stringify(value) : String(value));
    }
    const { api, timer } = this.#settings;
    const init = { method: "POST", body, headers: this.#authorization() };
    const response = await this.#send(new URL(`${api}/${method}`), init, timer(CALL_MS));
    const text = await readText(response, timer(CALL_MS));
    const { data: reply } = z.safeParse(Reply, parsed(text));
    if (!reply) throw new PlatformError(`Slack answers ${response.status} to ${method}, without JSON`, RETRY_MS);
    if (!reply.ok) throw refusal(method, reply.error ?? "");
    const { data } = z.safeParse(shape, reply);
    if (data === undefined) throw new PlatformError(`Slack answers ${method} in another form`, null);
    return data;
  }

  /** Gives a file to Slack, at the address that it has named for that. */
  async upload(address: string, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const init = { method: "POST", body: bytes, headers: { "content-type": "application/octet-stream" } };
    const response = await this.#send(new URL(address), init, this.#settings.timer(CALL_MS));
    await response.body?.cancel();
    if (response.ok) return;
    const isRefused = response.status < 500;
    throw new PlatformError(`Slack answers ${response.status} to an upload`, isRefused ? null : RETRY_MS, isRefused);
  }

  /**
   * The bytes of a private file.
   *
   * @throws ProblemError `picture_type_not_supported` for a page that asks to sign in, which Slack sends in place of a
   * file that the token does not open
   */
  async download(address: string, signal: AbortSignal): Promise<Uint8Array> {
    const response = await this.#send(new URL(address), { headers: this.#authorization() }, signal);
    const isPage = (response.headers.get("content-type") ?? "").startsWith("text/html");
    if (response.ok && response.body && !isPage) {
      return readCapped(response.body, LIMITS.uploadBytes, signal).catch((error: unknown) => {
        if (error instanceof GuardError && error.code === "url_too_large") throw error;
        throw new PlatformError("Slack broke off a file", RETRY_MS);
      });
    }
    await response.body?.cancel();
    if (isPage || (response.status >= 300 && response.status < 400)) {
      throw new ProblemError("picture_type_not_supported", "Slack sends a page in place of the picture.");
    }
    throw new PlatformError(`Slack answers ${response.status} to a file`, response.status < 500 ? null : RETRY_MS);
  }

  #authorization() {
    return { authorization: `Bearer ${this.#settings.token}` };
  }

  async #send(url: URL, init: RequestInit, signal: AbortSignal): Promise<Response> {
    const response = await this.#settings.fetch(url, { ...init, signal }).catch(() => {
      throw new PlatformError("Slack cannot be reached", RETRY_MS);
    });
    if (response.status !== 429) return response;
    await response.body?.cancel();
    const seconds = Number(response.headers.get("retry-after")) || 1;
    throw new PlatformError("Slack asks for a pause", 1_000 * seconds, true);
  }
}

async function readText(response: Response, signal: AbortSignal): Promise<string> {
  if (!response.body) return "";
  const bytes = await readCapped(response.body, LIMITS.replyBytes, signal).catch(() => {
    throw new PlatformError("Slack broke off its answer", RETRY_MS);
  });
  return new TextDecoder().decode(bytes);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}

function refusal(method: string, error: string): PlatformError {
  const message = `Slack answers ${error} to ${method}`;
  if (BROKEN.has(error)) return new PlatformError(message, RETRY_MS);
  return new PlatformError(message, REFUSED_FOR_NOW.has(error) ? RETRY_MS : null, true);
}
