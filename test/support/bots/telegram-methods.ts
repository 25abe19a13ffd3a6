import type { ApiMethods } from "grammy/types";

type Methods = ApiMethods;
type Given<Name extends keyof Methods> = NonNullable<Parameters<Methods[Name]>[0]>;
type RequiredOf<Fields> = { [Name in keyof Fields]-?: object extends Pick<Fields, Name> ? never : Name }[keyof Fields];
type Kind = "integer" | "boolean" | "string" | "json";
/** What a method takes: the published types say which parameters there are, and which of them are required (`!`). */
type ParametersOf<Name extends keyof Methods> = { readonly [One in RequiredOf<Given<Name>>]: `${Kind}!` } & {
  readonly [One in Exclude<keyof Given<Name>, RequiredOf<Given<Name>>>]?: Kind | `${Kind}!`;
};

const PLACE = { chat_id: "integer!", message_id: "integer!" } as const;
const SENT = { chat_id: "integer!", reply_parameters: "json" } as const;

/**
 * The methods of the Bot API that the bot calls, with the parameters that it may send. A chat and a message are
 * required wherever no inline message is named, and the bot has none.
 */
export const METHODS = {
  getMe: {},
  getWebhookInfo: {},
  setWebhook: {
    url: "string!",
    secret_token: "string",
    allowed_updates: "json",
    max_connections: "integer",
    drop_pending_updates: "boolean",
  },
  deleteWebhook: { drop_pending_updates: "boolean" },
  setMyCommands: { commands: "json!", language_code: "string", scope: "json" },
  getUpdates: { offset: "integer", limit: "integer", timeout: "integer", allowed_updates: "json" },
  getFile: { file_id: "string!" },
  sendMessage: { ...SENT, text: "string!", entities: "json" },
  sendPhoto: { ...SENT, photo: "string!", caption: "string", caption_entities: "json" },
  sendMediaGroup: { ...SENT, media: "json!" },
  editMessageText: { ...PLACE, text: "string!", entities: "json", link_preview_options: "json" },
  editMessageMedia: { ...PLACE, media: "json!" },
} as const satisfies { readonly [Name in keyof Methods]?: ParametersOf<Name> };

export type Method = keyof typeof METHODS;
/** What a method gets, and what it returns, by the published types. */
export type Arguments<Name extends Method> = Given<Name>;
export type Result<Name extends Method> = ReturnType<Methods[Name]>;

/**
 * The parameters of a call, read as the Bot API reads them from JSON or from a form. Throws an error with what is wrong
 * with them: one that is missing, is of another type, or is not of this method.
 */
export function readArguments(method: Method, fields: Readonly<Record<string, unknown>>, files: ReadonlySet<string>) {
  const table: Readonly<Record<string, string>> = METHODS[method];
  const read: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) {
    const kind = table[name]?.replace("!", "");
    if (kind) read[name] = readValue(name, kind, value);
    else if (!files.has(name)) throw new Error(`${method} has no parameter ${name}`);
  }
  const missing = Object.entries(table).find(([name, kind]) => kind.endsWith("!") && read[name] === undefined);
  if (missing) throw new Error(`parameter ${missing[0]} is required`);
  return read;
}

function readValue(name: string, kind: string, value: unknown): unknown {
  if (kind === "json") return typeof value === "string" ? JSON.parse(value) : value;
  if (kind === "string" && typeof value === "string") return value;
  if (kind === "integer" && /^-?\d+$/.test(String(value))) return Number(value);
  if (kind === "boolean" && /^(true|false)$/.test(String(value))) return String(value) === "true";
  throw new Error(`parameter ${name} is no ${kind}`);
}
