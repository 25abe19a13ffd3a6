import { outlineOf, outputOf, replyOf } from "./answers.ts";

/** What a model answers, before its delay. */
export interface ModelAnswer {
  /** The model's name, which chooses its delay. */
  readonly model: string;
  readonly body: unknown;
}

/**
 * The answer to a POST: a prediction of Cog's protocol at `/{model}/predictions`, a completion at `/chat/completions`,
 * an outline as Moondream draws it at `/segment`, or at `/{model}/wait` nothing but the model's delay. Null where there
 * is no such route or model.
 */
export function answerOf(path: string, body: string): ModelAnswer | null {
  if (path.endsWith("/chat/completions")) return completionOf(JSON.parse(body) as ChatRequest);
  if (path === "/segment")
    return { model: "segment", body: outlineOf(JSON.parse(body) as { spatial_refs: number[][] }) };
  const [, model = "", route] = /^\/([\w-]+)\/(predictions|wait)$/.exec(path) ?? [];
  if (route === "wait") return { model, body: {} };
  if (route !== "predictions") return null;
  const { input } = JSON.parse(body) as { input: object };
  const output = outputOf(model, input);
  return output === null ? null : { model, body: { id: "p1", status: "succeeded", output } };
}

interface ChatRequest {
  readonly model: string;
  readonly messages: ReadonlyArray<{ readonly content: unknown }>;
  readonly response_format?: object;
}

function completionOf({ model, messages, response_format }: ChatRequest): ModelAnswer {
  // A schema for names with their phrases has a field for these.
  const phrases = JSON.stringify(response_format ?? {}).includes("expression");
  const reply = replyOf(wordsOf(messages.at(-1)?.content), phrases);
  return {
    model,
    body: {
      id: "chatcmpl-1",
      object: "chat.completion",
      created: 1_795_000_000,
      model,
      choices: [
        {
          index: 0,
          finish_reason: "stop",
          message: { role: "assistant", content: JSON.stringify(reply) },
          logprobs: null,
        },
      ],
      usage: { prompt_tokens: 400, completion_tokens: 60, total_tokens: 460 },
    },
  };
}

/** The text of a message, whose content is a string or a list of parts. */
function wordsOf(content: unknown): string {
  if (typeof content === "string") return content;
  const parts = Array.isArray(content) ? (content as Array<{ text?: string }>) : [];
  return parts.map(({ text = "" }) => text).join("\n");
}
