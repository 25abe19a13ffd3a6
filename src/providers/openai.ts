import { joinUrl } from "../net/join-url.ts";
import type { ChatAnswer, SendChat } from "./chat.ts";
import { ERROR_TEXT, refusal } from "./refusal.ts";
import type { RequestRuntime } from "./runtime.ts";
import { sendJson } from "./send-json.ts";

/** A host of `{endpoint}/chat/completions`: OpenAI, OpenRouter, AI Gateway's compat path, vLLM, llama.cpp, Ollama. */
export interface OpenAiAddress {
  /** The base URL with its version, such as `https://api.openai.com/v1`. */
  readonly endpoint: URL;
  readonly token: string | null;
}

/** Posts a JSON body to a path of the endpoint, and returns the reply. Throws a `StageError`. */
export async function postOpenAi(
  { endpoint, token }: OpenAiAddress,
  path: string,
  body: unknown,
  runtime: RequestRuntime,
  signal: AbortSignal,
): Promise<unknown> {
  const answer = await sendJson({ url: joinUrl(endpoint, path), token }, body, runtime, signal);
  if ("reply" in answer) return answer.reply;
  throw refusal(answer.response, answer.text.slice(0, ERROR_TEXT), runtime.clock());
}

/** Sends chats to an OpenAI-compatible endpoint. Throws a `StageError` on a failed connection or invalid JSON. */
export function openAiSend({ endpoint, token }: OpenAiAddress, runtime: RequestRuntime): SendChat {
  const url = joinUrl(endpoint, "/chat/completions");
  return async (body, signal): Promise<ChatAnswer> => {
    const answer = await sendJson({ url, token }, body, runtime, signal);
    if ("reply" in answer) return answer;
    const text = answer.text.slice(0, ERROR_TEXT);
    return { error: refusal(answer.response, text, runtime.clock()), status: answer.response.status, text };
  };
}
