import { answeredUntilAborted } from "./answered-until-aborted.ts";
import type { ChatAnswer, ChatRefusal, SendChat } from "./chat.ts";
import { canceledOrLate, ERROR_TEXT } from "./refusal.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";

/** The part of the `AI` binding that is used (developers.cloudflare.com/workers-ai/configuration/bindings). */
export interface WorkersAi {
  run(model: string, input: Record<string, unknown>, options?: { signal?: AbortSignal }): Promise<unknown>;
}

/**
 * The binding's own codes, each with the HTTP status that goes with it
 * (developers.cloudflare.com/workers-ai/platform/errors).
 */
const CODES: Readonly<Record<string, readonly [StageErrorCode, string, status: number]>> = {
  "3003": ["rejected", "rejected the request: invalid input (3003)", 400],
  "3006": ["rejected", "rejected the request: input too large (3006)", 413],
  "3007": ["timeout", "did not answer in time (3007)", 408],
  "3008": ["timeout", "did not answer in time (3008)", 408],
  "3023": ["unauthorized", "is not available to this account (3023)", 403],
  "3036": ["rate_limited", "has used up the account's daily neurons (3036)", 429],
  "3040": ["busy", "has no capacity at the moment (3040)", 429],
  "3041": ["unauthorized", "is not available to this account (3041)", 403],
  "3042": ["not_found", "is not a model of Workers AI (3042)", 404],
  "5004": ["rejected", "rejected the request: invalid input (5004)", 400],
  "5006": ["rejected", "rejected the request: invalid input (5006)", 400],
  "5007": ["not_found", "is not a model of Workers AI (5007)", 404],
  "5016": ["unauthorized", "has terms that the account has not accepted (5016)", 403],
  "5018": ["unauthorized", "is not available to this account (5018)", 403],
};

/** Codes after which the same call may succeed soon. The daily neurons return only on the next day. */
const TRANSIENT: ReadonlySet<string> = new Set(["3007", "3008", "3040"]);

/** One run of a model by the binding. Throws a `StageError`, and nothing else. */
export async function runModel(
  ai: WorkersAi,
  model: string,
  input: Record<string, unknown>,
  signal: AbortSignal,
): Promise<unknown> {
  const outcome = await tryModel(ai, model, input, signal);
  if ("error" in outcome) throw outcome.error;
  return outcome.reply;
}

/**
 * Chat by the binding. Its `json_schema` is the bare schema, without the name and `strict` that other hosts want around
 * it (developers.cloudflare.com/workers-ai/features/json-mode).
 */
export function workersAiSend(ai: WorkersAi): SendChat {
  return ({ model, response_format, ...body }, signal): Promise<ChatAnswer> => {
    const format = response_format as { type: string; json_schema?: { schema: object } } | undefined;
    const bare = format?.json_schema
      ? { response_format: { type: format.type, json_schema: format.json_schema.schema } }
      : {};
    const plain = format && !format.json_schema ? { response_format: format } : {};
    return tryModel(ai, String(model), { ...body, ...bare, ...plain, stream: false }, signal).then((outcome) =>
      "error" in outcome ? outcome : { reply: asCompletion(outcome.reply) },
    );
  };
}

async function tryModel(
  ai: WorkersAi,
  model: string,
  input: Record<string, unknown>,
  signal: AbortSignal,
): Promise<ChatAnswer> {
  if (signal.aborted) throw canceledOrLate(signal);
  try {
    // Raced with the signal: whether the binding honours its own `signal` option is not documented.
    return { reply: await answeredUntilAborted(ai.run(model, input, { signal }), signal) };
  } catch (error) {
    if (signal.aborted) throw canceledOrLate(signal);
    return refusalOf(error instanceof Error ? error.message.slice(0, ERROR_TEXT) : "");
  }
}

function refusalOf(text: string): ChatRefusal {
  // "JSON Mode couldn't be met" (developers.cloudflare.com/workers-ai/features/json-mode): a simpler form may succeed.
  if (/json mode/i.test(text))
    return { error: new StageError("invalid_output", "could not answer in JSON mode"), status: 422, text };
  const number = /\b(\d{4})\b/.exec(text)?.[1] ?? "";
  const meaning = CODES[number];
  if (!meaning) return { error: new StageError("network", "cannot be reached, or failed"), status: 0, text };
  const [code, detail, status] = meaning;
  return { error: new StageError(code, detail, { retryable: TRANSIENT.has(number) }), status, text };
}

/** Older models answer `{response}`: a string, or an object where a schema was sent. Newer ones answer a completion. */
function asCompletion(reply: unknown): unknown {
  if (typeof reply !== "object" || reply === null || !("response" in reply)) return reply;
  const { response, usage } = reply as { response: unknown; usage?: unknown };
  const content = typeof response === "object" && response !== null ? JSON.stringify(response) : response;
  return { choices: [{ finish_reason: "stop", message: { content } }], usage };
}
