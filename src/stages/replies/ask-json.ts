import * as z from "zod/mini";
import type { ChatMessage } from "../../providers/chat.ts";
import type { Talk } from "../adapters/chat.ts";
import { StageError } from "../model.ts";
import { jsonIn } from "./extract-json.ts";
import { fieldOf, parseReply } from "./read-shape.ts";

/** A question to a chat model, and the schema of its reply. */
export interface JsonQuestion<T> {
  readonly messages: readonly ChatMessage[];
  /** A name for the schema, letters and underscores. */
  readonly name: string;
  /** Strict objects with every property required, as structured output demands. */
  readonly schema: z.ZodMiniType<T>;
  /** A looser schema that is also accepted; `schema` when absent. */
  readonly accept?: z.ZodMiniType<T>;
  readonly maximumTokens: number;
}

/**
 * Asks once, with one HTTP request, and returns the first JSON value in the reply that fits the schema, whatever stands
 * around it. Throws a `StageError` when there is none: the first asks for another attempt, in which the model repairs
 * its reply; the second is final.
 */
export async function askJson<T>(
  { messages, name, schema, accept = schema, maximumTokens }: JsonQuestion<T>,
  { chat, repair }: Pick<Talk, "chat" | "repair">,
): Promise<T> {
  const conversation: readonly ChatMessage[] = repair
    ? [...messages, { role: "assistant", content: repair.reply }, { role: "user", content: repair.complaint }]
    : messages;
  const question = {
    messages: conversation,
    maximumTokens,
    alternatives: 0,
    schema: { name, schema: jsonSchemaOf(schema) },
  };
  const { text } = await chat(question);
  let firstFault = "";
  for (const value of jsonIn(text)) {
    const parsed = parseReply(accept, value);
    if (parsed.success) return parsed.data;
    firstFault ||= fieldOf(parsed.error);
  }
  if (repair) throw new StageError("invalid_output", "answered twice with JSON that does not fit the schema, or none");
  const complaint = `That reply does not keep the schema${firstFault}. Reply again with the corrected JSON object and nothing else.`;
  const changes = { repair: { reply: text, complaint } };
  throw new StageError("invalid_output", "answered with JSON that does not fit the schema, or none", {
    retryable: true,
    retryAfterMs: 0,
    changes,
  });
}

const schemas = new WeakMap<z.ZodMiniType, object>();

function jsonSchemaOf(schema: z.ZodMiniType): object {
  const cached = schemas.get(schema);
  if (cached) return cached;
  const { $schema: _, ...jsonSchema } = z.toJSONSchema(schema);
  schemas.set(schema, jsonSchema);
  return jsonSchema;
}
