import { Prediction } from "../../schemas/cog.ts";
import type { ProviderFetch } from "../net/provider-fetch.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";

/** A model in a Cog container: `{endpoint}/{model}/predictions`. */
export interface CogAddress {
  readonly endpoint: URL;
  readonly model: string;
  readonly token: string | null;
}

/** Statuses that Cog gives a meaning (cog 0.22, docs/http.md). A prediction that failed is none of them: it is a 200. */
const STATUSES: Readonly<Record<number, readonly [StageErrorCode, string]>> = {
  202: ["unfinished", "answered 202, before it had a result"],
  401: ["unauthorized", "refused our token"],
  403: ["unauthorized", "refused our token"],
  409: ["busy", "is running as many predictions as it can"],
  422: ["rejected", "does not accept the input"],
  503: ["not_ready", "is not ready"],
};

/** Codes that our own functions put before the message of a failed prediction when the picture is to blame (`InputError`). */
const PICTURE_CODES = ["invalid_picture", "picture_too_many_pixels"] as const;

/**
 * One prediction: exactly one HTTP request, its output as the model gave it. Aborting `signal` closes the connection, which cancels the
 * prediction at the other end. Throws a `StageError`, and nothing else.
 */
export async function predict(address: CogAddress, input: unknown, fetch: ProviderFetch, signal: AbortSignal): Promise<unknown> {
  const body = await send(address, input, fetch, signal);
  const parsed = Prediction.safeParse(body);
  if (!parsed.success) throw new StageError("unreadable", "answered something that is not a prediction");
  const { status, output, error } = parsed.data;
  if (status === "succeeded") return output;
  if (status === "failed") throw failed(error ?? "");
  if (status === "canceled") throw new StageError("canceled", "canceled the prediction");
  throw new StageError("unfinished", `answered while the prediction was ${status}`);
}

async function send(address: CogAddress, input: unknown, fetch: ProviderFetch, signal: AbortSignal): Promise<unknown> {
  const headers = new Headers({ "content-type": "application/json", accept: "application/json" });
  if (address.token) headers.set("authorization", `Bearer ${address.token}`);
  const base = address.endpoint.href.replace(/\/$/, "");
  const url = new URL(`${base}/${address.model}/predictions`);
  let text: string;
  let status: number;
  try {
    const response = await fetch(url, { method: "POST", headers, body: JSON.stringify({ input }), signal });
    status = response.status;
    text = await response.text();
  } catch {
    throw signal.aborted ? aborted(signal) : new StageError("network", "cannot be reached, or broke off its answer");
  }
  if (status !== 200) {
    const [code, detail] = STATUSES[status] ?? ["http_error", `answered HTTP ${status}`];
    throw new StageError(code, detail, code === "http_error" ? status >= 500 : undefined);
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

function aborted(signal: AbortSignal): StageError {
  const late = signal.reason instanceof DOMException && signal.reason.name === "TimeoutError";
  return late ? new StageError("timeout", "did not answer in time") : new StageError("canceled", "was not waited for");
}
