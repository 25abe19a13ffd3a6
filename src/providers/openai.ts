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
