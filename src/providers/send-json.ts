import { parseBounded } from "./bounded-json.ts";
import { unanswered } from "./refusal.ts";
import type { RequestRuntime } from "./runtime.ts";

/** A JSON endpoint, and how it is called. `token` opens it; null where it takes none. */
export interface JsonEndpoint {
  readonly url: URL;
  readonly token: string | null;
  /** POST where absent. */
  readonly method?: "GET" | "PUT" | "DELETE";
  readonly headers?: Readonly<Record<string, string>>;
}

/** A host's answer: the JSON of a 200, or the response and body text of any other status. */
export type JsonAnswer = { readonly reply: unknown } | { readonly response: Response; readonly text: string };

/**
 * Sends a JSON body: exactly one HTTP request. Aborting `signal` closes the connection. Throws a `StageError` when the
 * host cannot be reached, breaks off, or answers 200 with something that is not JSON.
 */
export async function sendJson(
  { url, token, method, headers: more }: JsonEndpoint,
  body: unknown,
  { fetch }: Pick<RequestRuntime, "fetch">,
  signal: AbortSignal,
): Promise<JsonAnswer> {
  const headers: Record<string, string> = { "content-type": "application/json", accept: "application/json", ...more };
  if (token) headers.authorization = `Bearer ${token}`;
  let response: Response | undefined;
  let text: string;
  try {
    response = await fetch(url, { method: method ?? "POST", headers, body: JSON.stringify(body), signal });
    text = await response.text();
  } catch (error) {
    throw unanswered(signal, error, response?.ok);
  }
  if (response.status !== 200) return { response, text };
  return { reply: parseBounded(text) };
}
