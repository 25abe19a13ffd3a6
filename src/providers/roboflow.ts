import { joinUrl } from "../net/join-url.ts";
import { refusal } from "./refusal.ts";
import type { RequestRuntime } from "./runtime.ts";
import { sendJson } from "./send-json.ts";

/** Roboflow's service, or a container of `roboflow/inference`. */
export interface RoboflowAddress {
  readonly endpoint: URL;
  /** Sent as a bearer token: in the query, where it may stand too, it would be logged. */
  readonly token: string | null;
}

/** Sends one request to a path of the API and returns its JSON as it came. Throws a `StageError`. */
export async function postRoboflow(
  { endpoint, token }: RoboflowAddress,
  path: string,
  body: Readonly<Record<string, unknown>>,
  runtime: RequestRuntime,
  signal: AbortSignal,
): Promise<unknown> {
  const answer = await sendJson({ url: joinUrl(endpoint, path), token }, body, runtime, signal);
  if ("reply" in answer) return answer.reply;
  throw refusal(answer.response, answer.text, runtime.clock());
}
