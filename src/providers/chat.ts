import * as z from "zod/mini";
import { byteLength } from "../../schemas/encodings.ts";
import { ModelName } from "../../schemas/primitives.ts";
import { StageError } from "./stage-error.ts";
import { type Spent, type Usage, usageIn } from "./usage.ts";

/** A part of a message: text, or a picture as a link or data URL. */
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
  /** The reply's JSON Schema; null for free text. */
  readonly schema: { readonly name: string; readonly schema: object } | null;
  /** Alternatives of the first token whose log-probabilities are returned; 0 for none. */
  readonly alternatives: number;
}

export interface ChatReply {
  readonly text: string;
  /** The most likely first tokens; null where the endpoint returns none. */
  readonly firstTokens: readonly { readonly token: string; readonly logprob: number }[] | null;
  /** The model's name in the reply; null where it has none. */
  readonly model: string | null;
}

/**
 * The optional request fields that an endpoint accepts. No host of `/chat/completions` accepts all of them, so a field
 * that was refused is left out from then on: a JSON Schema becomes JSON mode, and JSON mode becomes an instruction in
 * the prompt (docs/reference/hosted-models.md, "Chat endpoints").
 */
interface Dialect {
  readonly form: "json_schema" | "json_object" | "text";
  readonly limit: "max_tokens" | "max_completion_tokens";
  readonly temperature: boolean;
  /** Maximum alternatives of the first token; 0 for no log-probabilities. */
  readonly alternatives: number;
}

const FULL: Dialect = { form: "json_schema", limit: "max_tokens", temperature: true, alternatives: 20 };
/** The smallest `top_logprobs` limit among known hosts. */
const FEW_ALTERNATIVES = 5;

/** One HTTP request: the reply's body, or the refusal. */
export type SendChat = (body: Record<string, unknown>, signal: AbortSignal) => Promise<ChatAnswer>;
export type ChatAnswer = { readonly reply: unknown } | ChatRefusal;

export interface ChatRefusal {
  readonly error: StageError;
  /** The HTTP status; 0 where there was no response. */
  readonly status: number;
  /** The error's text. It is searched for the refused field and not stored. */
  readonly text: string;
}

/**
 * Asks once, with one HTTP request. Throws a `StageError`, and nothing else. When the error has `changes`, the question
 * can be repeated at once: the next call of the conversation leaves out what the endpoint refused.
 *
 * @param conversation the same object for every try of one question; the signal when absent
 * @param spent told the tokens of a reply, also of one that cannot be used
 */
export type Chat = (
  question: ChatQuestion,
  signal: AbortSignal,
  conversation?: object,
  spent?: Spent,
) => Promise<ChatReply>;

/** Text, or parts of which some are text (a reasoning model may return its reasoning as another part). */
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

/** The fields of a `/chat/completions` response that are read. */
const Completion = z.object({
  /** A local host returns the path of a file on its disk, which may not be shown to callers. */
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

/**
 * A chat model at an endpoint. It remembers the dialect that the endpoint last accepted. When the endpoint refuses a
 * field, the same conversation leaves it out on trial. Once a trial succeeds, every conversation uses its dialect. A
 * question that is refused for another reason therefore does not affect other conversations.
 */
export function createChat(model: string, send: SendChat): Chat {
  let accepted = FULL;
  const trials = new WeakMap<object, Dialect>();
  return async (question, signal, conversation = signal, spent) => {
    const trial = trials.get(conversation);
    const dialect = trial ?? accepted;
    const answer = await send(bodyOf(model, question, dialect), signal);
    if ("error" in answer) {
      const filtered = contentRefused(answer);
      const next = filtered ? null : nextDialect(answer, question, dialect);
      if (next) trials.set(conversation, next);
      else if (!answer.error.retryable) trials.delete(conversation);
      throw filtered ?? (next ? repeatable(answer.error) : answer.error);
    }
    spent?.(usageIn(answer.reply));
    try {
      const reply = readReply(answer.reply, question);
      if (trial) accepted = trial;
      return reply;
    } finally {
      // The endpoint answered, so it accepts the dialect, even if the reply cannot be read.
      if (trial) trials.delete(conversation);
    }
  };
}

/** The same error, to be tried again at once. */
function repeatable({ code, detail }: StageError): StageError {
  return new StageError(code, detail, { retryable: true, retryAfterMs: 0, changes: {} });
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
  const topLogprobs = Math.min(alternatives, dialect.alternatives);
  if (topLogprobs > 0) Object.assign(body, { logprobs: true, top_logprobs: topLogprobs });
  return body;
}

/** Puts the schema into the prompt when the request's `response_format` does not contain it. */
function withSchema(
  messages: readonly ChatMessage[],
  schema: ChatQuestion["schema"],
  { form }: Dialect,
): readonly ChatMessage[] {
  if (!schema || form === "json_schema") return messages;
  const instruction = `Reply with one JSON object and nothing else. It must satisfy this JSON Schema:\n${JSON.stringify(schema.schema)}`;
  const [first, ...rest] = messages;
  if (first?.role === "system" && typeof first.content === "string")
    return [{ ...first, content: `${first.content}\n\n${instruction}` }, ...rest];
  return [{ role: "system", content: instruction }, ...messages];
}

/**
 * The next simpler dialect after a refusal; null when the dialect did not cause it. The error text must name the
 * refused field, except for the response format, for which the status is enough. Some hosts answer 403 to
 * log-probabilities, and llama.cpp's server answers 500 to a schema that it cannot use.
 */
function nextDialect({ status, text }: ChatRefusal, question: ChatQuestion, dialect: Dialect): Dialect | null {
  const refused = status === 400 || status === 404 || status === 415 || status === 422 || status === 501;
  if (!refused && status !== 403 && status !== 500) return null;
  if (dialect.limit === "max_tokens" && /max_completion_tokens/.test(text))
    return { ...dialect, limit: "max_completion_tokens" };
  if (dialect.temperature && /temperature/i.test(text)) return { ...dialect, temperature: false };
  const requested = Math.min(question.alternatives, dialect.alternatives);
  if (requested > FEW_ALTERNATIVES && /top_logprobs/.test(text)) return { ...dialect, alternatives: FEW_ALTERNATIVES };
  if (requested > 0 && /log_?prob/i.test(text)) return { ...dialect, alternatives: 0 };
  const formRefused = refused ? status !== 404 : status === 500 && /schema|response_format|grammar|valid/i.test(text);
  if (!formRefused || !question.schema || dialect.form === "text") return null;
  return { ...dialect, form: dialect.form === "json_schema" ? "json_object" : "text" };
}

/**
 * The refusal of a content filter, which the dialect did not cause; null for any other. Filters answer 400 and others.
 */
function contentRefused({ text }: ChatRefusal): StageError | null {
  return /content_(?:filter|policy)|ResponsibleAIPolicy/i.test(text)
    ? new StageError("refused", "refused this content")
    : null;
}

/** Reads the reply from a completion. Throws a `StageError`: `refused`, `truncated` or `unreadable`. */
function readReply(body: unknown, { alternatives }: ChatQuestion): ChatReply {
  const parsed = z.safeParse(Completion, body);
  const choice = parsed.data?.choices[0];
  if (!choice) throw new StageError("unreadable", "answered with something that is not a chat completion");
  const { message, finish_reason, logprobs } = choice;
  if (finish_reason === "content_filter" || message.refusal) throw new StageError("refused", "refused this content");
  // A question about the first token alone is expected to reach its token limit.
  if (finish_reason === "length" && alternatives === 0)
    throw new StageError("truncated", "was cut off at its token limit");
  const text = textOf(message.content ?? "");
  const firstTokens = logprobs?.content?.[0]?.top_logprobs ?? null;
  if (text.trim() === "" && !firstTokens) {
    // A model that reasons first spent all its tokens on reasoning. A retry would end in the same way.
    if (finish_reason === "length")
      throw new StageError("truncated", "was cut off at its token limit before it answered");
    throw new StageError("unreadable", "answered with an empty text");
  }
  return { text, firstTokens, model: parsed.data?.model ?? null };
}

function textOf(content: z.infer<typeof Content>): string {
  if (typeof content === "string") return content;
  return content.flatMap(({ type, text }) => (type === "text" ? (text ?? "") : [])).join("");
}

/**
 * Most tokens that a picture takes. Set by hand: our largest picture, 2,048 pixels square, has 5,350 patches of 28
 * pixels (Qwen2.5-VL, arXiv 2502.13923), the smallest patches among the models that we know.
 */
const PICTURE_TOKENS = 6_000;
/** Most tokens that a host puts around a message. Set by hand. */
const MESSAGE_TOKENS = 100;

/** The most tokens that a question can take: no tokeniser makes more tokens of a text than it has bytes. */
export function mostTokens({
  messages,
  schema,
  maximumTokens,
}: ChatQuestion): Required<Pick<Usage, "inputTokens" | "outputTokens">> {
  const parts = messages.flatMap(({ content }): readonly ChatPart[] =>
    typeof content === "string" ? [{ type: "text", text: content }] : content,
  );
  const tokens = parts.map((part) => (part.type === "text" ? byteLength(part.text) : PICTURE_TOKENS));
  // Where the host does not take the schema, it stands in the prompt.
  const schemaTokens = schema ? MESSAGE_TOKENS + byteLength(JSON.stringify(schema.schema)) : 0;
  const inputTokens = tokens.reduce((sum, count) => sum + count, schemaTokens + messages.length * MESSAGE_TOKENS);
  return { inputTokens, outputTokens: maximumTokens };
}
