import type { ChatAnswer, ChatRefusal, SendChat } from "./chat.ts";
import { canceledOrLate } from "./refusal.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";

/** What is used of the `AI` binding (developers.cloudflare.com/workers-ai/configuration/bindings). */
export interface WorkersAi {
  run(model: string, input: Record<string, unknown>, options?: { signal?: AbortSignal }): Promise<unknown>;
}

/**
 * The binding's own codes, each with the HTTP status that goes with it
 * (developers.cloudflare.com/workers-ai/platform/errors).
 */
const CODES: Readonly<Record<string, readonly [StageErrorCode, string, status: number]>> = {
  "3003": ["rejected", "does not accept the input", 400],
  "3006": ["rejected", "does not take so large an input", 413],
  "3007": ["timeout", "did not answer in time", 408],
  "3008": ["timeout", "did not answer in time", 408],
  "3023": ["unauthorized", "is not open to this account", 403],
  "3036": ["rate_limited", "has used up the account's neurons of the day", 429],
  "3040": ["busy", "has no capacity at the moment", 429],
  "3041": ["unauthorized", "is not open to this account", 403],
  "3042": ["rejected", "is no model that the binding knows", 404],
  "5004": ["rejected", "does not accept the input", 400],
  "5006": ["rejected", "does not accept the input", 400],
  "5007": ["rejected", "is no model that the binding knows", 404],
  "5016": ["unauthorized", "has terms that the account has not agreed to", 403],
  "5018": ["unauthorized", "is not open to this account", 403],
};

/** Codes after which the same call may go well: the day's neurons do not come back before the day ends. */
const PASSING: ReadonlySet<string> = new Set(["3007", "3008", "3040"]);

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

/** Chat by the binding: it takes the bare schema where others take an envelope around it (hosted-apis section 3.2). */
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
  // The option alone is not relied on: what the binding does after an abort is not waited for.
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return { reply: await Promise.race([ai.run(model, input, { signal }), stopped]) };
  } catch (error) {
    if (signal.aborted) throw canceledOrLate(signal);
    return refusalOf(error instanceof Error ? error.message.slice(0, 4_000) : "");
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function refusalOf(said: string): ChatRefusal {
  // "JSON Mode couldn't be met" (developers.cloudflare.com/workers-ai/features/json-mode): to ask otherwise may help.
  if (/json mode/i.test(said))
    return { error: new StageError("invalid_output", "cannot answer in the form asked for"), status: 422, said };
  const number = /\b(\d{4})\b/.exec(said)?.[1] ?? "";
  const known = CODES[number];
  if (!known) return { error: new StageError("network", "cannot be reached, or failed"), status: 0, said };
  const [code, detail, status] = known;
  return { error: new StageError(code, detail, { retryable: PASSING.has(number) }), status, said };
}

/** Older models answer `{response}`, a string or with a schema an object; newer ones a completion. */
function asCompletion(reply: unknown): unknown {
  if (typeof reply !== "object" || reply === null || !("response" in reply)) return reply;
  const { response } = reply;
  const content = typeof response === "object" && response !== null ? JSON.stringify(response) : response;
  return { choices: [{ finish_reason: "stop", message: { content } }] };
}
