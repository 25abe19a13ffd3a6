/** Kinds of arguments; `!` where one is required. An array or an object comes as JSON in a form. */
type Kind = "string" | "integer" | "boolean" | "array" | "object";
type Table = Readonly<Record<string, Kind | `${Kind}!`>>;

/**
 * The methods of the Web API that the bot calls, with all their arguments (docs.slack.dev/reference/methods, read
 * 2026-11-27). `token` is sent as a header.
 */
export const METHODS = {
  "auth.test": {},
  "chat.postMessage": {
    channel: "string!",
    text: "string",
    blocks: "array",
    attachments: "array",
    thread_ts: "string",
    reply_broadcast: "boolean",
    metadata: "object",
    mrkdwn: "boolean",
    parse: "string",
    link_names: "boolean",
    markdown_text: "string",
    unfurl_links: "boolean",
    unfurl_media: "boolean",
    username: "string",
    icon_emoji: "string",
    icon_url: "string",
  },
  "chat.update": {
    channel: "string!",
    ts: "string!",
    text: "string",
    blocks: "array",
    attachments: "array",
    metadata: "object",
    parse: "string",
    link_names: "boolean",
    markdown_text: "string",
    reply_broadcast: "boolean",
    file_ids: "array",
    as_user: "boolean",
  },
  "conversations.replies": {
    channel: "string!",
    ts: "string!",
    cursor: "string",
    include_all_metadata: "boolean",
    inclusive: "boolean",
    latest: "string",
    limit: "integer",
    oldest: "string",
  },
  "files.info": { file: "string!", count: "integer", cursor: "string", limit: "integer", page: "integer" },
  "files.getUploadURLExternal": { length: "integer!", filename: "string!", alt_txt: "string", snippet_type: "string" },
  "files.completeUploadExternal": {
    files: "array!",
    channel_id: "string",
    channels: "string",
    initial_comment: "string",
    thread_ts: "string",
    blocks: "array",
  },
} as const satisfies Readonly<Record<string, Table>>;

export type Method = keyof typeof METHODS;
export type Given = Readonly<Record<string, unknown>>;

/** The scopes of which a bot needs one for a method, by the kind of the channel that it names; none for `auth.test`. */
export function scopesOf(method: Method, channel: string): readonly string[] {
  if (method === "conversations.replies") {
    const ofChannels = ["channels:history", "groups:history"];
    return channel.startsWith("D") ? ["im:history"] : ofChannels;
  }
  if (method === "files.info") return ["files:read"];
  if (method.startsWith("files.")) return ["files:write"];
  return method.startsWith("chat.") ? ["chat:write"] : [];
}

/** The arguments of a call, read from a form as Slack reads them. Throws an `Error` with Slack's word for a fault. */
export function readArguments(method: Method, form: URLSearchParams): Given {
  const table: Table = METHODS[method];
  const read: Record<string, unknown> = {};
  for (const [name, value] of form) {
    const kind = table[name]?.replace("!", "");
    if (kind === undefined) throw new Error("invalid_arguments");
    read[name] = readValue(kind as Kind, value);
  }
  const missing = Object.entries(table).some(([name, kind]) => kind.endsWith("!") && read[name] === undefined);
  if (missing) throw new Error("invalid_arguments");
  return read;
}

function readValue(kind: Kind, value: string): unknown {
  if (kind === "string" && value !== "") return value;
  if (kind === "integer" && /^\d+$/.test(value)) return Number(value);
  if (kind === "boolean" && /^(true|false)$/.test(value)) return value === "true";
  if (kind === "array" || kind === "object") {
    const json: unknown = JSON.parse(value);
    if (Array.isArray(json) === (kind === "array")) return json;
  }
  throw new Error("invalid_arguments");
}
