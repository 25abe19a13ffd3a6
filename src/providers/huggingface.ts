import type { ProviderFetch } from "../net/provider-fetch.ts";
import type { ChatAnswer, ChatRefusal, SendChat } from "./chat.ts";
import { refusal, unanswered } from "./refusal.ts";
import { StageError } from "./stage-error.ts";

/**
 * Where a model is asked: a dedicated endpoint's own address, or its place at the router. The Hub is never asked which.
 */
export interface HuggingFaceAddress {
  readonly endpoint: URL;
  readonly token: string | null;
}

export interface HuggingFaceTools {
  readonly fetch: ProviderFetch;
  readonly clock: () => number;
}

type Client = typeof import("@huggingface/inference");

/** Calls one of the client's task methods with the access and the options given. */
export type UseClient<T> = (
  client: Client,
  access: { endpointUrl: string; accessToken?: string },
  options: { fetch: typeof globalThis.fetch; retry_on_error: false },
) => Promise<T>;

/** The longest part of an error that is read for what it complains of. */
const SAID = 4_000;

/**
 * One call of the official client. It would ask again without end when it meets a 503 (measured: hosted-apis section
 * 2.4), and looks models up at the Hub unless it is told an address, so it is given `retry_on_error: false` and
 * `endpointUrl`. Throws a `StageError`, and nothing else.
 */
export async function callClient<T>(
  address: HuggingFaceAddress,
  tools: HuggingFaceTools,
  signal: AbortSignal,
  use: UseClient<T>,
): Promise<T> {
  const outcome = await tryClient(address, tools, signal, use);
  if ("error" in outcome) throw outcome.error;
  return outcome.reply;
}

/** The same for a JSON body of our own: tasks that the client has no usable method for. */
export async function postJson(
  address: HuggingFaceAddress,
  body: unknown,
  tools: HuggingFaceTools,
  signal: AbortSignal,
): Promise<unknown> {
  const headers: Record<string, string> = { "content-type": "application/json", accept: "application/json" };
  if (address.token) headers.authorization = `Bearer ${address.token}`;
  let response: Response;
  let text: string;
  try {
    response = await tools.fetch(address.endpoint, { method: "POST", headers, body: JSON.stringify(body), signal });
    text = await response.text();
  } catch {
    throw unanswered(signal);
  }
  if (!response.ok) throw hostError(response, text.slice(0, SAID), tools.clock());
  try {
    return JSON.parse(text);
  } catch {
    throw new StageError("unreadable", "answered something that is not JSON, or half of it");
  }
}

/** Chat by the official client. `endpoint` is the origin: the client adds `/v1/chat/completions`. */
export function huggingFaceSend(address: HuggingFaceAddress, tools: HuggingFaceTools): SendChat {
  return async (body, signal): Promise<ChatAnswer> =>
    tryClient(address, tools, signal, (client, access, options) =>
      client.chatCompletion({ ...access, ...body } as never, options),
    );
}

async function tryClient<T>(
  { endpoint, token }: HuggingFaceAddress,
  { fetch, clock }: HuggingFaceTools,
  signal: AbortSignal,
  use: UseClient<T>,
): Promise<{ readonly reply: T } | ChatRefusal> {
  // Loaded when first needed: it is more code than all of ours, and a deployment may have no model of this provider.
  const client = await import("@huggingface/inference");
  let failure: ChatRefusal | null = null;
  const once = async (url: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    try {
      const response = await fetch(new URL(String(url)), { ...init, signal });
      // The client would take a body that breaks off for a fault of its own.
      const bytes = await response.arrayBuffer();
      if (!response.ok) {
        const said = new TextDecoder().decode(bytes).slice(0, SAID);
        failure = { error: hostError(response, said, clock()), status: response.status, said };
      }
      return new Response(bytes, response);
    } catch {
      failure = { error: unanswered(signal), status: 0, said: "" };
      throw failure.error;
    }
  };
  const access = { endpointUrl: endpoint.href.replace(/\/$/, ""), ...(token ? { accessToken: token } : {}) };
  try {
    return { reply: await use(client, access, { fetch: once as typeof globalThis.fetch, retry_on_error: false }) };
  } catch {
    return (
      failure ?? {
        error: new StageError("invalid_output", "answered something that the vendor's client does not take"),
        status: 200,
        said: "",
      }
    );
  }
}

/** Between asks of a host that starts and does not say for how long. */
const COLD_START_MS = 2_000;
/** What it says is a guess: it is asked again after so long at most. */
const LONGEST_GUESS_MS = 10_000;

/**
 * The hosts' toolkit says 400 to everything, its own faults included (hosted-apis section 2.6), so its words are read
 * too. A 503 is a host that starts: it is worth waiting for as long as there is time.
 */
function hostError(response: Response, said: string, now: number): StageError {
  if (response.status === 400 && /CUDA|out of memory|device-side|internal/i.test(said))
    return new StageError("failed", "failed on this input");
  const error = refusal(response, said, now);
  if (response.status !== 503 || error.retryAfterMs !== null) return error;
  const guess = Number(/"estimated_time"\s*:\s*(\d+(?:\.\d+)?)/.exec(said)?.[1] ?? Number.NaN) * 1000;
  const retryAfterMs = Number.isNaN(guess) ? COLD_START_MS : Math.min(LONGEST_GUESS_MS, Math.ceil(guess));
  return new StageError(error.code, "is starting", { retryAfterMs });
}
