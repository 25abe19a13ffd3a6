import type { ProviderFetch } from "../net/provider-fetch.ts";
import type { ChatAnswer, SendChat } from "./chat.ts";
import { refusal, unanswered } from "./refusal.ts";
import { StageError } from "./stage-error.ts";

/** A host of `{endpoint}/chat/completions`: OpenAI, OpenRouter, AI Gateway's compat path, vLLM, llama.cpp, Ollama. */
export interface OpenAiAddress {
  /** With its version: `https://api.openai.com/v1`. */
  readonly endpoint: URL;
  readonly token: string | null;
}

export interface OpenAiTools {
  readonly fetch: ProviderFetch;
  readonly clock: () => number;
}

/** The longest part of an error that is read for what it complains of. */
const SAID = 4_000;

/**
 * Sends to an OpenAI-compatible endpoint. Throws a `StageError` where it cannot be reached or what it answers is no
 * JSON.
 */
export function openAiSend({ endpoint, token }: OpenAiAddress, { fetch, clock }: OpenAiTools): SendChat {
  const url = new URL(`${endpoint.href.replace(/\/$/, "")}/chat/completions`);
  const headers: Record<string, string> = { "content-type": "application/json", accept: "application/json" };
  if (token) headers.authorization = `Bearer ${token}`;
  return async (body, signal): Promise<ChatAnswer> => {
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, { method: "POST", headers, body: JSON.stringify(body), signal });
      text = await response.text();
    } catch {
      throw unanswered(signal);
    }
    if (response.status !== 200) {
      const said = text.slice(0, SAID);
      return { error: refusal(response, said, clock()), status: response.status, said };
    }
    try {
      return { reply: JSON.parse(text) as unknown };
    } catch {
      throw new StageError("unreadable", "answered something that is not JSON, or half of it");
    }
  };
}
