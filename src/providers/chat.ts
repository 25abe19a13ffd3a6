import * as z from "zod/mini";
import { StageError } from "./stage-error.ts";

/** A part of a message: words, or a picture as a link or data URL. */
export type ChatPart =
  | { readonly type: "text"; readonly text: string }
  | { readonly type: "image_url"; readonly image_url: { url: string } };

export interface ChatMessage {
  readonly role: "system" | "user" | "assistant";
  readonly content: string | readonly ChatPart[];
}

export interface ChatQuestion {
  readonly messages: readonly ChatMessage[];
  readonly maximumTokens: number;
  /** What the reply must be, as JSON Schema; null for words. */
  readonly schema: { readonly name: string; readonly schema: object } | null;
  /** How many alternatives of the first token to tell the log-probabilities of; 0 for none. */
  readonly alternatives: number;
}

export interface ChatReply {
  readonly text: string;
  /** The likeliest first tokens; null where the endpoint does not tell. */
  readonly firstTokens: readonly { readonly token: string; readonly logprob: number }[] | null;
  /** The model as it calls itself; null where it does not. */
  readonly model: string | null;
}

/**
 * How an endpoint is addressed. Nobody's `/chat/completions` takes all of this, so what is refused is left out from
 * then on: a schema becomes a plea for JSON, and that becomes words (reference: hosted-apis section 5; a llama.cpp
 * server answers a `json_schema` with 500).
 */
export interface Dialect {
  readonly form: "json_schema" | "json_object" | "text";
  readonly limit: "max_tokens" | "max_completion_tokens";
  readonly temperature: boolean;
  /** Alternatives of the first token at most; 0 for no log-probabilities. */
  readonly alternatives: number;
}

const FIRST: Dialect = { form: "json_schema", limit: "max_tokens", temperature: true, alternatives: 20 };
/** As many as the hosts tell of that tell of few. */
const FEW_ALTERNATIVES = 5;

/** One HTTP request: the reply's body, or what was said instead. */
export type SendChat = (body: Record<string, unknown>, signal: AbortSignal) => Promise<ChatAnswer>;
export type ChatAnswer = { readonly reply: unknown } | ChatRefusal;

/** `said` is read for what was refused, and not kept. */
export interface ChatRefusal {
  readonly error: StageError;
  readonly status: number;
  readonly said: string;
}

/**
 * Ask once: one HTTP request. Throws a `StageError`, and nothing else; its `again.dialect` is how to ask the next time.
 */
export type Chat = (question: ChatQuestion, signal: AbortSignal, dialect?: object) => Promise<ChatReply>;

/** Words, or parts of which some are (a model that thinks aloud may say so in another part). */
const Content = z.union([z.string(), z.array(z.object({ type: z.string(), text: z.optional(z.string()) }))]);

const Logprobs = z.object({
  content: z.optional(
    z.nullable(
      z.array(
        z.object({
          top_logprobs: z.optional(z.nullable(z.array(z.object({ token: z.string(), logprob: z.number() })))),
        }),
      ),
    ),
  ),
});

/** What a model may call itself for strangers to read: a local host names the file on its disk. */
const ModelName = z.string().check(z.regex(/^[\w@][\w.:@/+-]{0,199}$/));

/** What `/chat/completions` answers, as far as it is read. */
const Completion = z.object({
  model: z.catch(z.optional(z.nullable(ModelName)), null),
  choices: z
    .array(
      z.object({
        finish_reason: z.optional(z.nullable(z.string())),
        message: z.object({ content: z.optional(z.nullable(Content)), refusal: z.optional(z.nullable(z.string())) }),
        logprobs: z.optional(z.nullable(Logprobs)),
      }),
    )
    .check(z.minLength(1)),
});

/** A chat model at an endpoint, which remembers in what dialect it was last understood. */
export function createChat(model: string, send: SendChat): Chat {
  let understood = FIRST;
  return async (question, signal, asked) => {
    const dialect = (asked as Dialect | undefined) ?? understood;
    const answer = await send(bodyOf(model, question, dialect), signal);
    if ("error" in answer) throw turnedDown(answer) ?? simpler(answer, question, dialect) ?? answer.error;
    const reply = readReply(answer.reply, question);
    // A call that began before another learned better has nothing to teach.
    if (asked) understood = dialect;
    return reply;
  };
}

function bodyOf(
  model: string,
  { messages, maximumTokens, schema, alternatives }: ChatQuestion,
  dialect: Dialect,
): Record<string, unknown> {
  const body: Record<string, unknown> = {
    model,
    messages: withSchema(messages, schema, dialect),
    [dialect.limit]: maximumTokens,
  };
  if (dialect.temperature) body.temperature = 0;
  if (schema && dialect.form === "json_schema")
    body.response_format = { type: "json_schema", json_schema: { ...schema, strict: true } };
  if (schema && dialect.form === "json_object") body.response_format = { type: "json_object" };
  const told = Math.min(alternatives, dialect.alternatives);
  if (told > 0) Object.assign(body, { logprobs: true, top_logprobs: told });
  return body;
}

/** Where the endpoint is not told the schema, the model is. */
function withSchema(
  messages: readonly ChatMessage[],
  schema: ChatQuestion["schema"],
  { form }: Dialect,
): readonly ChatMessage[] {
  if (!schema || form === "json_schema") return messages;
  const plea = `Reply with one JSON object and nothing else. It must satisfy this JSON Schema:\n${JSON.stringify(schema.schema)}`;
  const [first, ...rest] = messages;
  if (first?.role === "system" && typeof first.content === "string")
    return [{ ...first, content: `${first.content}\n\n${plea}` }, ...rest];
  return [{ role: "system", content: plea }, ...messages];
}

/** The refusal as an error that says how to ask instead; null where the way of asking is not to blame. */
function simpler({ error, status, said }: ChatRefusal, question: ChatQuestion, dialect: Dialect): StageError | null {
  const next = nextDialect(status, said, question, dialect);
  return (
    next && new StageError(error.code, error.detail, { retryable: true, retryAfterMs: 0, again: { dialect: next } })
  );
}

/**
 * A status alone accuses the response format; anything else must have been named. Some say 403 to log-probabilities,
 * llama.cpp 500 to a schema.
 */
function nextDialect(status: number, said: string, question: ChatQuestion, dialect: Dialect): Dialect | null {
  const refused = status === 400 || status === 404 || status === 415 || status === 422 || status === 501;
  if (!refused && status !== 403 && status !== 500) return null;
  if (dialect.limit === "max_tokens" && /max_completion_tokens/.test(said))
    return { ...dialect, limit: "max_completion_tokens" };
  if (dialect.temperature && /temperature/i.test(said)) return { ...dialect, temperature: false };
  const told = Math.min(question.alternatives, dialect.alternatives);
  if (told > FEW_ALTERNATIVES && /top_logprobs/.test(said)) return { ...dialect, alternatives: FEW_ALTERNATIVES };
  if (told > 0 && /log_?prob/i.test(said)) return { ...dialect, alternatives: 0 };
  const accused = refused ? status !== 404 : status === 500 && /schema|response_format|grammar|valid/i.test(said);
  if (!accused || !question.schema || dialect.form === "text") return null;
  return { ...dialect, form: dialect.form === "json_schema" ? "json_object" : "text" };
}

/** Hosts say 400, and more, to what their filters will not have looked at: it is no fault of the way of asking. */
function turnedDown({ said }: ChatRefusal): StageError | null {
  return /content_(?:filter|policy)|ResponsibleAIPolicy/i.test(said)
    ? new StageError("refused", "refused this content")
    : null;
}

/** Throws a `StageError` that tells a refusal, a reply that was cut off and one that is empty apart. */
function readReply(body: unknown, { alternatives }: ChatQuestion): ChatReply {
  const parsed = z.safeParse(Completion, body);
  const choice = parsed.data?.choices[0];
  if (!choice) throw new StageError("unreadable", "answered something that is not a completion");
  const { message, finish_reason, logprobs } = choice;
  if (finish_reason === "content_filter" || message.refusal) throw new StageError("refused", "refused this content");
  // Where the first token is all that was asked for, the limit is meant to be met.
  if (finish_reason === "length" && alternatives === 0)
    throw new StageError("truncated", "was cut off at its limit of tokens");
  const text = wordsOf(message.content ?? "");
  const firstTokens = logprobs?.content?.[0]?.top_logprobs ?? null;
  if (text.trim() === "" && !firstTokens) {
    // A model that reasons out of sight may have spent all that it was given on that: it would again.
    if (finish_reason === "length") throw new StageError("truncated", "was cut off before it answered");
    throw new StageError("unreadable", "answered without a word");
  }
  return { text, firstTokens, model: parsed.data?.model ?? null };
}

function wordsOf(content: z.infer<typeof Content>): string {
  if (typeof content === "string") return content;
  return content.flatMap(({ type, text }) => (type === "text" ? (text ?? "") : [])).join("");
}
