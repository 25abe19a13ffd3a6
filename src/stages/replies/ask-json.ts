import * as z from "zod/mini";
import type { ChatMessage } from "../../providers/chat.ts";
import type { Talk } from "../adapters/chat.ts";
import { StageError } from "../model.ts";
import { jsonIn } from "./extract-json.ts";

/** What is asked of a chat model, and what its reply must be. */
export interface JsonQuestion<T> {
  readonly messages: readonly ChatMessage[];
  /** A name for the schema, letters and underscores. */
  readonly name: string;
  /** Strict objects with every property required, as strict structured output wants them. */
  readonly schema: z.ZodMiniType<T>;
  /** What is taken where that is more than is asked for; `schema` where absent. */
  readonly accept?: z.ZodMiniType<T>;
  readonly maximumTokens: number;
}

/**
 * One question, its reply as JSON: the first value in it that keeps the schema, whatever stands around it. A reply
 * without one is asked to be repaired once, which is an attempt of its own; then it is an error. One HTTP request.
 * Throws a `StageError`.
 */
export async function askJson<T>(
  { messages, name, schema, accept = schema, maximumTokens }: JsonQuestion<T>,
  { chat, attempt }: Talk,
): Promise<T> {
  const repair = attempt.again?.repair;
  const asked: readonly ChatMessage[] = repair
    ? [...messages, { role: "assistant", content: repair.reply }, { role: "user", content: repair.complaint }]
    : messages;
  const question = { messages: asked, maximumTokens, alternatives: 0, schema: { name, schema: jsonSchemaOf(schema) } };
  const { text } = await chat(question, attempt.signal, attempt.again?.dialect);
  let at = "";
  for (const value of jsonIn(text)) {
    const parsed = z.safeParse(accept, value);
    if (parsed.success) return parsed.data;
    at ||= parsed.error.issues[0]?.path.join("/") ?? "";
  }
  if (repair) throw new StageError("invalid_output", "answered something else than was asked for, twice");
  const complaint = `That reply does not keep the schema (at /${at}). Reply again with the corrected JSON object and nothing else.`;
  const again = { repair: { reply: text, complaint } };
  throw new StageError("invalid_output", "answered something else than was asked for", {
    retryable: true,
    retryAfterMs: 0,
    again,
  });
}

const schemas = new WeakMap<z.ZodMiniType, object>();

function jsonSchemaOf(schema: z.ZodMiniType): object {
  const known = schemas.get(schema);
  if (known) return known;
  const { $schema: _, ...made } = z.toJSONSchema(schema);
  schemas.set(schema, made);
  return made;
}
