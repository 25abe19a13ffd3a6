import type { ChatAnswer, ChatRefusal, SendChat } from "./chat.ts";
import { ERROR_TEXT, refusal, unanswered } from "./refusal.ts";
import type { RequestRuntime } from "./runtime.ts";
import { sendJson } from "./send-json.ts";
import { StageError } from "./stage-error.ts";

/** The URL of a model: that of a dedicated endpoint, or the model's path at the router. The Hub is never queried. */
export interface HuggingFaceAddress {
  readonly endpoint: URL;
  readonly token: string | null;
}

type Client = typeof import("@huggingface/inference");

/** Calls one of the client's task methods with this access and these options. */
export type UseClient<T> = (
  client: Client,
  access: { endpointUrl: string; accessToken?: string },
  options: { fetch: typeof globalThis.fetch; retry_on_error: false },
) => Promise<T>;

/**
 * One call of the official client. The client retries a 503 without end and looks models up at the Hub unless it is
 * given an address (docs/reference/hosted-models.md, "Hugging Face"), so it gets `retry_on_error: false` and
 * `endpointUrl`. Throws a `StageError`, and nothing else.
 */
export async function callClient<T>(
  address: HuggingFaceAddress,
  runtime: RequestRuntime,
  signal: AbortSignal,
  use: UseClient<T>,
): Promise<T> {
  const outcome = await tryClient(address, runtime, signal, use);
  if ("error" in outcome) throw outcome.error;
  return outcome.reply;
}

/** Posts a JSON body of our own, for tasks that the client has no usable method for. Throws a `StageError`. */
export async function postJson(
  { endpoint, token }: HuggingFaceAddress,
  body: unknown,
  runtime: RequestRuntime,
  signal: AbortSignal,
): Promise<unknown> {
  const answer = await sendJson({ url: endpoint, token }, body, runtime, signal);
  if ("reply" in answer) return answer.reply;
  throw hostError(answer.response, answer.text.slice(0, ERROR_TEXT), runtime.clock());
}

/** Chat by the official client. `endpoint` is the origin: the client adds `/v1/chat/completions`. */
export function huggingFaceSend(address: HuggingFaceAddress, runtime: RequestRuntime): SendChat {
  return async (body, signal): Promise<ChatAnswer> =>
    tryClient(address, runtime, signal, (client, access, options) =>
      client.chatCompletion({ ...access, ...body } as never, options),
    );
}

async function tryClient<T>(
  { endpoint, token }: HuggingFaceAddress,
  { fetch, clock }: RequestRuntime,
  signal: AbortSignal,
  use: UseClient<T>,
): Promise<{ readonly reply: T } | ChatRefusal> {
  // Loaded when first needed: the client is larger than all of our code, and many deployments never use it.
  const client = await import("@huggingface/inference");
  let failure: ChatRefusal | null = null;
  const fetchOnce = async (url: RequestInfo | URL, init: RequestInit = {}): Promise<Response> => {
    let response: Response | undefined;
    try {
      response = await fetch(new URL(String(url)), { ...init, signal });
      // Read here, because the client reports an incomplete body as an error of its own.
      const bytes = await response.arrayBuffer();
      if (!response.ok) {
        const text = new TextDecoder().decode(bytes).slice(0, ERROR_TEXT);
        failure = { error: hostError(response, text, clock()), status: response.status, text };
      }
      return new Response(bytes, response);
    } catch (error) {
      failure = { error: unanswered(signal, error, response?.ok), status: 0, text: "" };
      throw failure.error;
    }
  };
  // The client joins its own path to the address with a slash.
  const access = { endpointUrl: endpoint.href.replace(/\/$/, ""), ...(token ? { accessToken: token } : {}) };
  try {
    return { reply: await use(client, access, { fetch: fetchOnce as typeof globalThis.fetch, retry_on_error: false }) };
  } catch {
    return (
      failure ?? {
        error: new StageError("invalid_output", "answered with something that Hugging Face's client does not accept"),
        status: 200,
        text: "",
      }
    );
  }
}

/** Wait before the next attempt at a host that is starting and gives no estimate. */
const COLD_START_MS = 2_000;
/** Longest wait that a host's own estimate can ask for. */
const LONGEST_ESTIMATE_MS = 10_000;

/**
 * The inference toolkit answers 400 to every error, its own faults included (huggingface/huggingface-inference-toolkit,
 * November 2026), so the error's text is read too. A 503 is a host that is starting: it is retried while there is time.
 */
function hostError(response: Response, text: string, now: number): StageError {
  if (response.status === 400 && /CUDA|out of memory|device-side|internal/i.test(text))
    return new StageError("failed", "failed on this input");
  const error = refusal(response, text, now);
  if (response.status !== 503 || error.retryAfterMs !== null) return error;
  const estimate = Number(/"estimated_time"\s*:\s*(\d+(?:\.\d+)?)/.exec(text)?.[1] ?? Number.NaN) * 1000;
  const retryAfterMs = Number.isNaN(estimate) ? COLD_START_MS : Math.min(LONGEST_ESTIMATE_MS, Math.ceil(estimate));
  return new StageError(error.code, "is starting (503)", { retryAfterMs });
}
