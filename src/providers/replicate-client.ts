import Replicate from "replicate";
import * as z from "zod/mini";
import { canceledOrLate, ERROR_TEXT, refusal, unanswered } from "./refusal.ts";
import type { RequestRuntime } from "./runtime.ts";
import { StageError } from "./stage-error.ts";

export interface ReplicateAddress {
  /** The API's root, or a gateway's path to it. */
  readonly endpoint: URL;
  readonly token: string;
}

/** An id of Replicate's. It becomes part of a path to which the token is sent, so it holds no slash and no dot. */
export const ReplicateId = z.string().check(z.regex(/^[\w-]{1,200}$/));

/**
 * One call of Replicate's client, as one HTTP request. The client repeats a request six times within milliseconds when
 * its fetch throws or a response is a 429 (docs/reference/hosted-models.md, "Replicate"). So the error is kept here,
 * and the client is shown a status that it does not retry. Throws a `StageError`.
 */
export async function callReplicate<T>(
  { endpoint, token }: ReplicateAddress,
  { fetch, clock }: RequestRuntime,
  signal: AbortSignal,
  use: (client: Replicate) => Promise<T>,
): Promise<T> {
  let failure: StageError | null = null;
  const fetchOnce = async (url: URL | RequestInfo, init: RequestInit = {}): Promise<Response> => {
    try {
      const response = await fetch(new URL(String(url)), { ...init, signal });
      // Read here, because the client reports an incomplete body as invalid JSON.
      const text = await response.text();
      if (response.ok) return new Response(response.status === 204 ? null : text, { status: response.status });
      failure = refusal(response, text.slice(0, ERROR_TEXT), clock());
    } catch (error) {
      failure = unanswered(signal, error);
    }
    return new Response("", { status: 400 });
  };
  const client = new Replicate({
    baseUrl: endpoint.href,
    fetch: fetchOnce as never,
    useFileOutput: false,
    userAgent: "Namesight",
  });
  // Without this the client would send REPLICATE_API_TOKEN from the process's environment to any endpoint.
  client.auth = token;
  try {
    return await use(client);
  } catch {
    if (failure) throw failure;
    throw signal.aborted
      ? canceledOrLate(signal)
      : new StageError("unreadable", "answered with invalid or incomplete JSON");
  }
}
