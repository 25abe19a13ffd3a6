import { readEvents } from "../../schemas/event-reader.ts";
import { isEnd, type JobAnswer, type JobState } from "../../schemas/jobs.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Api } from "./api.ts";
import { progressOf } from "./progress.ts";

/** What a tool call came to. */
export interface Outcome {
  /** The job that does the work; null where a payment paid for one request. */
  readonly jobId: string | null;
  readonly state: JobState;
  /** The answer, as the API gives it; null while the job goes on. */
  readonly answer: object | null;
  /** The header PAYMENT-RESPONSE of an answer that a payment paid for. */
  readonly paymentResponse: string | null;
}

/** How the caller waits for a job. */
export interface Waiting {
  /** Aborts when the caller has canceled its call. */
  readonly canceled: AbortSignal;
  /** For how long the caller waits, in milliseconds. */
  readonly waitMs: number;
  /** A signal that aborts after so many milliseconds. */
  readonly timer: (milliseconds: number) => AbortSignal;
  /** Tells the caller how far the job has come. */
  readonly tell: (message: string) => void;
}

/**
 * Has a job answer a request, and waits for its end as long as the caller does. A job whose caller cancels is canceled.
 *
 * @param path of the operation
 * @throws ApiRefusal
 */
export async function answerByJob(api: Api, path: string, fields: object, waiting: Waiting): Promise<Outcome> {
  const response = await api.ask("POST", path, { body: fields, headers: { prefer: "respond-async" } });
  const { id } = (await response.json()) as JobAnswer;
  const answer = waiting.waitMs > 0 ? await followJob(api, id, waiting) : null;
  if (waiting.canceled.aborted) await api.ask("DELETE", `/v1/jobs/${id}`);
  return answer ? { jobId: id, state: "succeeded", answer, paymentResponse: null } : outcomeOf(api, id, 0);
}

/** Has a request answered at once, and paid for by the payment in its header PAYMENT-SIGNATURE. */
export async function answerByPayment(api: Api, path: string, fields: object, payment: string): Promise<Outcome> {
  const response = await api.ask("POST", path, { body: fields, headers: { "payment-signature": payment } });
  const answer = (await response.json()) as object;
  return { jobId: null, state: "succeeded", answer, paymentResponse: response.headers.get("payment-response") };
}

/**
 * Where a job is, with its answer where it has one.
 *
 * @param waitSeconds for how long to wait for its end
 * @throws ApiRefusal why it failed, or that there is no such job
 */
export async function outcomeOf(api: Api, id: string, waitSeconds: number): Promise<Outcome> {
  const path = `/v1/jobs/${encodeURIComponent(id)}`;
  const { state } = (await (await api.ask("GET", `${path}?wait=${waitSeconds}`)).json()) as JobAnswer;
  const answer = isEnd(state) ? ((await (await api.ask("GET", `${path}/result`)).json()) as object) : null;
  return { jobId: id, state, answer, paymentResponse: null };
}

/** The answer of a job as soon as it is there; null when the caller's wait ends before, or the job ends without one. */
async function followJob(api: Api, id: string, { canceled, waitMs, timer, tell }: Waiting): Promise<object | null> {
  const { body } = await api.ask("GET", `/v1/jobs/${id}/events`, { headers: { accept: "text/event-stream" } });
  const signal = AbortSignal.any([canceled, timer(waitMs)]);
  const names = new Map<string, string>();
  try {
    for await (const { event, data } of readEvents(partsOf(body as ReadableStream<Uint8Array>, signal))) {
      const value = JSON.parse(data);
      if (event === "end") return value;
      const message = progressOf(event, value, names);
      if (message !== null) tell(message);
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
  return null;
}

/** The parts of a body as they come. When the signal aborts, it throws, and tells the body's source that it leaves. */
async function* partsOf(body: ReadableStream<Uint8Array>, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  const reader = body.getReader();
  try {
    for (;;) {
      const { done, value } = await untilAborted(reader.read(), signal);
      if (done) return;
      yield value;
    }
  } finally {
    reader.cancel().catch(() => undefined);
  }
}
