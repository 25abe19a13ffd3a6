import { Prediction } from "../../schemas/cog.ts";
import type { ProviderFetch } from "../net/provider-fetch.ts";
import { refusal, unanswered } from "./refusal.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";

/** A model in a Cog container: `{endpoint}/{model}/predictions`. */
export interface CogAddress {
  readonly endpoint: URL;
  readonly model: string;
  readonly token: string | null;
}

/**
 * Statuses that Cog gives a meaning of its own (cog 0.22, docs/http.md). A prediction that failed is none of them: it
 * is a 200.
 */
const STATUSES: Readonly<Record<number, readonly [StageErrorCode, string]>> = {
  202: ["unfinished", "answered 202, before it had a result"],
  409: ["busy", "is running as many predictions as it can"],
};

/** What a call needs of the world. */
export interface CogTools {
  readonly fetch: ProviderFetch;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
}

/**
 * Codes that our own functions put before the message of a failed prediction when the picture is to blame
 * (`InputError`).
 */
const PICTURE_CODES = ["invalid_picture", "picture_too_many_pixels"] as const;

/**
 * One prediction: exactly one HTTP request, its output as the model gave it. Aborting `signal` closes the connection,
 * which cancels the prediction at the other end. Throws a `StageError`, and nothing else.
 */
export async function predict(
  address: CogAddress,
  input: unknown,
  tools: CogTools,
  signal: AbortSignal,
): Promise<unknown> {
  const body = await send(address, input, tools, signal);
  const parsed = Prediction.safeParse(body);
  if (!parsed.success) throw new StageError("unreadable", "answered something that is not a prediction");
  const { status, output, error } = parsed.data;
  if (status === "succeeded") return output;
  if (status === "failed") throw failed(error ?? "");
  if (status === "canceled") throw new StageError("canceled", "canceled the prediction");
  throw new StageError("unfinished", `answered while the prediction was ${status}`);
}

async function send(
  address: CogAddress,
  input: unknown,
  { fetch, clock }: CogTools,
  signal: AbortSignal,
): Promise<unknown> {
  const headers = new Headers({ "content-type": "application/json", accept: "application/json" });
  if (address.token) headers.set("authorization", `Bearer ${address.token}`);
  const base = address.endpoint.href.replace(/\/$/, "");
  const url = new URL(`${base}/${address.model}/predictions`);
  let text: string;
  let response: Response;
  try {
    response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ input }), signal });
    text = await response.text();
  } catch {
    throw unanswered(signal);
  }
  if (response.status !== 200) {
    const [code, detail] = STATUSES[response.status] ?? [];
    throw code && detail ? new StageError(code, detail) : refusal(response, text, clock());
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new StageError("unreadable", "answered something that is not JSON, or half of it");
  }
}

function failed(message: string): StageError {
  const code = PICTURE_CODES.find((candidate) => message.startsWith(`${candidate}: `));
  return code ? new StageError(code, "cannot read the picture") : new StageError("failed", "failed on this input");
}
