import { joinUrl } from "../net/join-url.ts";
import { refusal } from "./refusal.ts";
import type { RequestRuntime } from "./runtime.ts";
import { sendJson } from "./send-json.ts";

/** Moondream's cloud, or a Moondream Station of one's own. */
export interface MoondreamAddress {
  /** With the version: `https://api.moondream.ai/v1`. */
  readonly endpoint: URL;
  readonly token: string | null;
}

/** Sends one request to a skill (`segment`, `query`, …) and returns its JSON as it came. Throws a `StageError`. */
export async function askMoondream(
  { endpoint, token }: MoondreamAddress,
  skill: string,
  body: Readonly<Record<string, unknown>>,
  runtime: RequestRuntime,
  signal: AbortSignal,
): Promise<unknown> {
  const headers: Record<string, string> = token === null ? {} : { "x-moondream-auth": token };
  const answer = await sendJson({ url: joinUrl(endpoint, `/${skill}`), token: null, headers }, body, runtime, signal);
  if ("reply" in answer) return answer.reply;
  throw refusal(answer.response, answer.text, runtime.clock());
}
