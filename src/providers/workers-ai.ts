import type { ChatAnswer, SendChat } from "./chat.ts";
import { canceledOrLate } from "./refusal.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";

/** What is used of the `AI` binding (developers.cloudflare.com/workers-ai/configuration/bindings). */
export interface WorkersAi {
  run(model: string, input: Record<string, unknown>, options?: { signal?: AbortSignal }): Promise<unknown>;
}

/** Codes that stand before a message of the binding's (developers.cloudflare.com/workers-ai/platform/errors). */
const CODES: Readonly<Record<string, readonly [StageErrorCode, string, boolean]>> = {
  "3007": ["timeout", "did not answer in time", true],
  "3036": ["rate_limited", "has used up the account's neurons of the day", false],
  "3040": ["busy", "has no capacity at the moment", true],
  "5004": ["rejected", "does not accept the input", false],
  "5006": ["rejected", "does not accept the input", false],
  "5007": ["rejected", "is no model that the binding knows", false],
  "5018": ["unauthorized", "is not open to this account", false],
  "3006": ["rejected", "does not take so large an input", false],
  "3042": ["rejected", "is not there any more", false],
};

/** One run of a model by the binding. Throws a `StageError`, and nothing else. */
export async function runModel(ai: WorkersAi, model: string, input: Record<string, unknown>, signal: AbortSignal): Promise<unknown> {
  const outcome = await tryModel(ai, model, input, signal);
  if ("error" in outcome) throw outcome.error;
  return outcome.reply;
}

/** Chat by the binding: it takes the bare schema where others take an envelope around it (hosted-apis section 3.2). */
export function workersAiSend(ai: WorkersAi): SendChat {
  return ({ model, response_format, ...body }, signal): Promise<ChatAnswer> => {
    const format = response_format as { type: string; json_schema?: { schema: object } } | undefined;
    const bare = format?.json_schema ? { response_format: { type: format.type, json_schema: format.json_schema.schema } } : {};
    const plain = format && !format.json_schema ? { response_format: format } : {};
    return tryModel(ai, String(model), { ...body, ...bare, ...plain, stream: false }, signal).then((outcome) =>
      "error" in outcome ? outcome : { reply: asCompletion(outcome.reply) },
    );
  };
}

async function tryModel(ai: WorkersAi, model: string, input: Record<string, unknown>, signal: AbortSignal): Promise<ChatAnswer> {
  // The option alone is not relied on: what the binding does after an abort is not waited for.
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason);
    if (signal.aborted) stop();
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return { reply: await Promise.race([ai.run(model, input, { signal }), stopped]) };
  } catch (error) {
    if (signal.aborted) throw canceledOrLate(signal);
    const said = error instanceof Error ? error.message.slice(0, 4_000) : "";
    const [code, detail, retryable] = CODES[/\b(\d{4})\b/.exec(said)?.[1] ?? ""] ?? ["network", "cannot be reached, or failed", true];
    return { error: new StageError(code, detail, { retryable }), status: code === "rejected" ? 400 : 0, said };
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

/** Older models answer `{response}`, a string or with a schema an object; newer ones a completion. */
function asCompletion(reply: unknown): unknown {
  if (typeof reply !== "object" || reply === null || !("response" in reply)) return reply;
  const { response } = reply;
  return { choices: [{ finish_reason: "stop", message: { content: typeof response === "string" ? response : JSON.stringify(response) } }] };
}
