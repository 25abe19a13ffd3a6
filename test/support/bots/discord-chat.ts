import type {
  APIApplication,
  RESTAPIAttachment,
  RESTPatchAPIWebhookWithTokenMessageJSONBody,
  RESTPostAPIChannelMessageJSONBody,
  RESTPostAPIWebhookWithTokenJSONBody,
  RESTPutAPIApplicationCommandsJSONBody,
} from "discord-api-types/v10";
import { checkCommands } from "./discord-commands.ts";
import { APPLICATION, snowflake } from "./discord-interactions.ts";

/** A message as a person in the channel sees it now. */
export interface DiscordMessage {
  readonly content: string;
  /** The bytes of its PNGs. */
  readonly pictures: readonly Uint8Array[];
  readonly replyTo: string | null;
}

export type DiscordFault = "429" | "500" | "403" | "404" | "lost" | "cut" | "too large";
type Edit = RESTPatchAPIWebhookWithTokenMessageJSONBody;
type FollowUp = RESTPostAPIWebhookWithTokenJSONBody;
type Sent = RESTPostAPIChannelMessageJSONBody;
type Kind = "string" | "number" | "boolean" | "object";
/** The fields that the bot may send, which the published types have. */
type Fields<Body> = { readonly [Name in keyof Body]?: Kind };

const EDIT = { content: "string", allowed_mentions: "object", attachments: "object", flags: "number" } as const;
const EDIT_FIELDS: Fields<Edit> = EDIT;
const FOLLOW_UP_FIELDS: Fields<FollowUp> = EDIT;
const SENT_FIELDS: Fields<Sent> = {
  ...EDIT,
  nonce: "string",
  enforce_nonce: "boolean",
  message_reference: "object",
};
const [CONTENT_LENGTH, NONCE_LENGTH, FILE_BYTES] = [2_000, 25, 10 * 1024 * 1024];
const TOKEN_MS = 15 * 60_000;
/** How long a nonce is known: "the past few minutes". */
const NONCE_MS = 3 * 60_000;

/**
 * Discord's HTTP API for one application and one channel, as docs.discord.com has it: methods, paths, fields and files
 * are held to the documentation and the published types. An interaction's token is known once its response was taken
 * (`open`), and for 15 minutes; a nonce makes one message for some minutes.
 */
export class DiscordChat {
  readonly token = "test-token-of-the-bot.of-no.application-at-all";
  channel = "42";
  /** What the channel shows, by message: the first answer of an interaction by its token. */
  readonly shown = new Map<string, DiscordMessage>();
  /** Method and path of every call, in order, without tokens. */
  readonly calls: string[] = [];
  readonly files = new Map<string, Uint8Array>();
  /** Faults of the next calls, the first one first: "lost" does the work and breaks the connection. */
  readonly faults: DiscordFault[] = [];
  publicKey = "";
  commands: RESTPutAPIApplicationCommandsJSONBody = [];
  endpoint: string | null = null;
  /** Asks an address for a pong, as Discord does before it takes it; null where that does not work. */
  ask: (url: string) => Promise<string | null> = async () => null;
  readonly #clock: () => number;
  readonly #interactions = new Map<string, number>();
  readonly #nonces = new Map<string, { readonly id: string; readonly at: number }>();
  #last = 0;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  /** Discord has got the deferred response to an interaction: its message is there, and waits. */
  open(token: string): void {
    if (!this.#interactions.has(token)) this.#interactions.set(token, this.#clock());
    if (!this.shown.has(token)) this.shown.set(token, { content: "is thinking …", pictures: [], replyTo: null });
  }

  /** Answers a request; null breaks the connection. */
  async handle(request: Request): Promise<Response | null> {
    const { pathname } = new URL(request.url);
    const file = /^\/attachments\/(.+)$/.exec(pathname)?.[1];
    if (file !== undefined) {
      const bytes = this.files.get(file);
      return new Response((bytes ?? null) as BodyInit | null, { status: bytes ? 200 : 404 });
    }
    const path = pathname.replace(/^\/api\/v10/, "");
    this.calls.push(`${request.method} ${path.replace(/\/webhooks\/(\d+)\/[^/]+/, "/webhooks/$1/TOKEN")}`);
    const fault = this.faults.shift();
    if (fault === "cut") return null;
    if (fault === "429") return refusal(429, 0, "You are being rate limited.", { retry_after: 2.5, global: false });
    if (fault === "500") return refusal(500, 0, "500: Internal Server Error");
    if (fault === "403") return refusal(403, 50_001, "Missing Access");
    if (fault === "404") return refusal(404, 10_062, "Unknown interaction");
    if (fault === "too large") return refusal(413, 40_005, "Request entity too large");
    try {
      const answer = await this.#answer(request, path);
      return fault === "lost" ? null : answer;
    } catch (error) {
      return refusal(400, 50_035, (error as Error).message);
    }
  }

  async #answer(request: Request, path: string): Promise<Response> {
    if (!/^DiscordBot \(https:\/\/\S+, \S+\)$/.test(request.headers.get("user-agent") ?? "")) {
      throw new Error("the User-Agent is not that of a bot");
    }
    const [, application, token, message] = /^\/webhooks\/(\d+)\/([^/]+)(?:\/messages\/(\S+))?$/.exec(path) ?? [];
    if (application !== undefined && token !== undefined) {
      const known = this.#interactions.get(token);
      if (application !== APPLICATION || known === undefined) return refusal(404, 10_015, "Unknown Webhook");
      if (this.#clock() - known > TOKEN_MS) return refusal(401, 50_027, "Invalid Webhook Token");
      if (request.method === "PATCH" && message === "@original") return this.#edit(request, token);
      if (request.method === "POST" && message === undefined) return this.#post(request, FOLLOW_UP_FIELDS);
      return refusal(405, 0, "405: Method Not Allowed");
    }
    if (request.headers.get("authorization") !== `Bot ${this.token}`) return refusal(401, 0, "401: Unauthorized");
    if (request.method === "POST" && path === `/channels/${this.channel}/messages`) {
      return this.#post(request, SENT_FIELDS);
    }
    if (path === "/applications/@me") return this.#application(request);
    if (path === `/applications/${APPLICATION}/commands`) return this.#commands(request);
    return refusal(404, 0, "404: Not Found");
  }

  async #edit(request: Request, token: string): Promise<Response> {
    const { body, pictures } = await readMessage<Edit>(request, EDIT_FIELDS);
    // What is not named among the attachments is removed.
    this.shown.set(token, { content: body.content ?? "", pictures, replyTo: null });
    return Response.json({ id: token });
  }

  async #post(request: Request, fields: Fields<Sent>): Promise<Response> {
    const { body, pictures } = await readMessage<Sent>(request, fields);
    const { nonce = "", enforce_nonce: isOnce, content = "", message_reference: reference } = body;
    if (String(nonce).length > NONCE_LENGTH) throw new Error("nonce is too long");
    const before = this.#nonces.get(String(nonce));
    if (isOnce && before && this.#clock() - before.at < NONCE_MS) return Response.json({ id: before.id });
    const id = snowflake(this.#clock(), ++this.#last);
    this.shown.set(id, { content, pictures, replyTo: reference?.message_id ?? null });
    if (nonce !== "") this.#nonces.set(String(nonce), { id, at: this.#clock() });
    return Response.json({ id });
  }

  async #application(request: Request): Promise<Response> {
    if (request.method === "PATCH") {
      const { interactions_endpoint_url: url, ...others } = (await request.json()) as Partial<APIApplication>;
      if (Object.keys(others).length > 0 || typeof url !== "string") throw new Error("only the address may be set");
      const fault = await this.ask(url);
      if (fault !== null) throw new Error(`interactions_endpoint_url: ${fault}`);
      this.endpoint = url;
    }
    const { endpoint, publicKey } = this;
    return Response.json({
      ...{ id: APPLICATION, name: "Namesight", description: "", verify_key: publicKey },
      interactions_endpoint_url: endpoint,
    } satisfies Partial<APIApplication>);
  }

  async #commands(request: Request): Promise<Response> {
    if (request.method === "PUT") this.commands = checkCommands(await request.json());
    return Response.json(this.commands.map((command, index) => ({ ...command, id: String(index) })));
  }
}

/** The body of a message with its files, checked as the documentation describes it ("Uploading Files"). */
async function readMessage<Body extends Sent | Edit | FollowUp>(request: Request, fields: Fields<Body>) {
  const form = await request.formData();
  const body = JSON.parse(String(form.get("payload_json"))) as Body;
  for (const [name, value] of Object.entries(body)) {
    const kind = (fields as Readonly<Record<string, Kind>>)[name];
    if (kind === undefined) throw new Error(`there is no field ${name}`);
    if (typeof value !== kind) throw new Error(`${name} is no ${kind}`);
  }
  const { content, allowed_mentions: mentions, attachments = [] } = body;
  if (content !== undefined && content !== null && content.length > CONTENT_LENGTH) {
    throw new Error("Must be 2000 or fewer in length.");
  }
  if (mentions?.parse?.length !== 0) throw new Error("somebody may be told of it");
  const files = new Map([...form].filter(([name]) => name !== "payload_json"));
  const pictures: Uint8Array[] = [];
  for (const { id, filename } of attachments as RESTAPIAttachment[]) {
    const file = files.get(`files[${id}]`);
    if (!(file instanceof File) || file.name !== filename) throw new Error(`attachment ${id} has no file of its name`);
    const bytes = new Uint8Array(await file.arrayBuffer());
    if (bytes.length === 0 || bytes.length > FILE_BYTES) throw new Error(`file ${id} is empty or too large`);
    if (file.type !== "image/png" || bytes[0] !== 0x89) throw new Error(`file ${id} is no PNG`);
    files.delete(`files[${id}]`);
    pictures.push(bytes);
  }
  if (files.size > 0) throw new Error("a file is named by no attachment");
  if (!content && pictures.length === 0) throw new Error("Cannot send an empty message");
  return { body, pictures };
}

function refusal(status: number, code: number, message: string, more: object = {}): Response {
  return Response.json({ code, message, ...more }, { status });
}
