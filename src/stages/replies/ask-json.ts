import * as z from "zod/mini";
import type { ChatMessage } from "../../providers/chat.ts";
import type { Talk } from "../adapters/chat.ts";
import { StageError } from "../model.ts";
import { jsonIn } from "./extract-json.ts";
import { fieldOf } from "./read-output.ts";

/** A question to a chat model, and the schema of its reply. */
export interface JsonQuestion<T> {
  readonly messages: readonly ChatMessage[];
  /** A name for the schema, letters and underscores. */
  readonly name: string;
  /** Strict objects with every property required, as structured output demands. */
  readonly schema: z.ZodMiniType<T>;
  /** A looser schema that is accepted as well; `schema` where absent. */
  readonly accept?: z.ZodMiniType<T>;
  readonly maximumTokens: number;
}

/**
 * Asks once and reads the reply as JSON: the first value in it that fits the schema, whatever stands around it. A reply
 * without one asks for one repair, which is another attempt, and then is an error. One HTTP request. Throws a
 * `StageError`.
 */
export async function askJson<T>(
  { messages, name, schema, accept = schema, maximumTokens }: JsonQuestion<T>,
  { chat, repair }: Pick<Talk, "chat" | "repair">,
): Promise<T> {
  const asked: readonly ChatMessage[] = repair
    ? [...messages, { role: "assistant", content: repair.reply }, { role: "user", content: repair.complaint }]
    : messages;
  const question = { messages: asked, maximumTokens, alternatives: 0, schema: { name, schema: jsonSchemaOf(schema) } };
  const { text } = await chat(question);
  let firstFault = "";
  for (const value of jsonIn(text)) {
    const parsed = z.safeParse(accept, value);
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
  const known = schemas.get(schema);
  if (known) return known;
  const { $schema: _, ...made } = z.toJSONSchema(schema);
  schemas.set(schema, made);
  return made;
}
