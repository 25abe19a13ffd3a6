import * as z from "zod/mini";
import { joinUrl } from "../net/join-url.ts";
import { parseBounded } from "./bounded-json.ts";
import { falRefusal } from "./fal-refusal.ts";
import {
  awaitEnd,
  type Callback,
  CLEANUP_MS,
  createError,
  createUnlessAborted,
  type Job,
  type JobOptions,
  pause,
} from "./job.ts";
import { callbackOf, type KeptCall } from "./resumable.ts";
import { awaitKept, createdOrFound, createKept, findLost, type Jobs } from "./resume.ts";
import type { ProviderRuntime, RequestRuntime } from "./runtime.ts";
import { sendJson } from "./send-json.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";

export interface FalAddress {
  /** Where a call waits for its answer: `https://fal.run`. */
  readonly endpoint: URL;
  /** Where a call is queued and its end is told by a callback: `https://queue.fal.run`; null where there is none. */
  readonly queue: URL | null;
  readonly token: string;
}

/**
 * The least time left, in milliseconds, with which a call is queued. A queued call leaves no connection open while it
 * waits, and answers later: its callback is one more request. A warm model takes two to six seconds.
 */
const QUEUE_MS = 12_000;

/** How long to wait for the response of a queued call after the caller has left, in ms: only it holds the id. */
const GRACE_MS = 2 * CLEANUP_MS;

/**
 * How long the callback of a call is waited for whose submission was not answered, in milliseconds: fal has no list of
 * requests in which it could be looked for.
 */
const LOST_MS = 15_000;

/** An id of fal's. It becomes part of a path to which the key is sent, so it holds no slash and no dot. */
const Submitted = z.object({ request_id: z.string().check(z.regex(/^[\w-]{1,100}$/)) });
/** fal's queue, "Check status" (fal.ai/docs/model-apis/model-endpoints/queue). */
const Status = z.object({ status: z.enum(["IN_QUEUE", "IN_PROGRESS", "COMPLETED"]) });
/** What a callback delivers (fal.ai/docs/model-apis/webhooks). */
const Told = z.object({ request_id: z.string(), status: z.literal("OK"), payload: z.record(z.string(), z.unknown()) });

/**
 * Runs a model once and returns its output as it came. A call is one HTTP request that waits for the answer. Where a
 * callback can arrive and the time left is long, it goes through the queue, whose polls belong to it; so does every
 * resumable call, because only a queued one can be gone on with. fal is told not to repeat a call by itself. An abort
 * rejects at once and cancels the call upstream. Throws a `StageError`, and nothing else.
 *
 * When the process died before the answer to a submission was read, only a callback tells the request's id. If none
 * comes within 15 s, the call is submitted again: fal may then do it twice, and charge it twice. The caller pays once.
 *
 * @param model as fal names it, such as `fal-ai/sam-3-1/image`
 */
export async function runFal(
  address: FalAddress,
  model: string,
  input: Readonly<Record<string, unknown>>,
  runtime: ProviderRuntime,
  options: JobOptions & { readonly openCallback?: (name?: string) => Callback | null },
): Promise<unknown> {
  const { signal, deadline, openCallback, resumable } = options;
  const { queue } = address;
  const left = deadline - runtime.clock();
  const isQueued = resumable !== undefined || left >= QUEUE_MS;
  const callback = queue && isQueued ? callbackOf(resumable, (name) => openCallback?.(name) ?? null) : null;
  if (queue && (callback || resumable))
    return runQueued({ ...address, queue }, model, input, runtime, { ...options, callback });
  const url = joinUrl(address.endpoint, `/${model}`);
  return exchange(address, "POST", url, input, runtime, signal, left);
}

/** How a queued request ended. */
type Ended = { readonly output: unknown } | { readonly error: StageError };

/** Runs a model through the queue. */
async function runQueued(
  address: FalAddress & { readonly queue: URL },
  model: string,
  input: Readonly<Record<string, unknown>>,
  runtime: ProviderRuntime,
  options: JobOptions & { readonly callback: Callback | null },
): Promise<unknown> {
  const { signal, deadline, callback, resumable } = options;
  const url = joinUrl(address.queue, `/${model}`);
  if (callback) url.searchParams.set("fal_webhook", callback.url);
  const ask = (id: string, rest: string) =>
    exchange(address, "GET", requestUrl(address.queue, model, id, rest), undefined, runtime, signal);
  const cancel = (id: string) => cancelFal(address, model, id, runtime);
  const submit = async (within: AbortSignal): Promise<string> => {
    const answer = await exchange(address, "POST", url, input, runtime, within, deadline - runtime.clock());
    const submitted = z.safeParse(Submitted, answer);
    if (submitted.success) return submitted.data.request_id;
    throw new StageError("unreadable", "answered with something that is not a queued request");
  };
  const send = (within: AbortSignal) =>
    createKept(
      { resumable, callback },
      runtime,
      () => submit(within),
      (id) => id,
    );
  const jobOf = (id: string): Job<Ended> => ({
    async poll() {
      const status = z.safeParse(Status, await ask(id, "/status"));
      if (!status.success) throw new StageError("unreadable", "answered with something that is not a status");
      return status.data.status === "COMPLETED" ? resultOf(ask(id, "")) : null;
    },
    read(told) {
      const end = z.safeParse(Told, told);
      // An error is read from the queue, which answers with its status and headers.
      return end.success && end.data.request_id === id ? { output: end.data.payload } : null;
    },
    cancel: () => cancel(id),
  });
  const ended = new AbortController();
  const delivered = callback?.ended(AbortSignal.any([signal, ended.signal])) ?? null;
  const find: Jobs<Ended>["find"] = async (_, within) => {
    const told = delivered && (await pause(LOST_MS, delivered, runtime, within));
    return z.safeParse(Submitted, told?.delivered).data?.request_id ?? null;
  };
  const kept = async () =>
    resumable?.kept
      ? awaitKept(resumable.kept, { job: jobOf, find }, delivered, runtime, { ...options, resumable })
      : null;
  const created = async () => {
    const lost: KeptCall = { attempt: callback?.name ?? null, id: null, at: runtime.clock() };
    const submitting = createUnlessAborted(send, cancel, runtime, options, GRACE_MS).catch((error: unknown) => {
      throw createError(error, MAY_BE_QUEUED);
    });
    const findId = async () =>
      resumable ? findLost(lost, { job: jobOf, find }, runtime, { ...options, resumable }) : null;
    const id = await createdOrFound(submitting, findId, options);
    return awaitEnd(jobOf(id), delivered, runtime, options);
  };
  try {
    const end = (await kept()) ?? (await created());
    if ("error" in end) throw end.error;
    return end.output;
  } finally {
    ended.abort();
  }
}

/** Cancels a queued request. Its response, an error included, changes nothing. Never rejects. */
export async function cancelFal(
  address: FalAddress,
  model: string,
  id: string,
  runtime: RequestRuntime,
): Promise<void> {
  if (!address.queue) return;
  const url = requestUrl(address.queue, model, id, "/cancel");
  await exchange(address, "PUT", url, undefined, runtime, AbortSignal.timeout(CLEANUP_MS)).catch(() => undefined);
}

/** The address of a queued request: under the owner and the name of its model's app alone. */
function requestUrl(queue: URL, model: string, id: string, rest: string): URL {
  return joinUrl(queue, `/${model.split("/").slice(0, 2).join("/")}/requests/${id}${rest}`);
}

/** Codes of a request for a result that failed by itself: the result can still be had. */
const NOT_THE_RESULT: ReadonlySet<StageErrorCode> = new Set(["network", "rate_limited", "unreadable", "canceled"]);

/** A result, or the error with which the queued request ended: no poll changes it any more. */
async function resultOf(asked: Promise<unknown>): Promise<Ended> {
  try {
    return { output: await asked };
  } catch (error) {
    if (!(error instanceof StageError) || NOT_THE_RESULT.has(error.code)) throw error;
    return { error };
  }
}

/** Errors after which the request may be in the queue nevertheless: its response was lost. */
const MAY_BE_QUEUED: ReadonlySet<StageErrorCode> = new Set(["network", "unreadable"]);

/** One HTTP request. A queue answers 202 as well as 200. Throws a `StageError`. */
async function exchange(
  { token }: FalAddress,
  method: "GET" | "PUT" | "POST",
  url: URL,
  body: unknown,
  runtime: RequestRuntime,
  signal: AbortSignal,
  left?: number,
): Promise<unknown> {
  const headers: Record<string, string> = { authorization: `Key ${token}`, "x-fal-no-retry": "1" };
  // How long the call may wait for a machine, in seconds.
  if (left !== undefined) headers["x-fal-request-timeout"] = String(Math.max(1, Math.ceil(left / 1000)));
  const endpoint = { url, token: null, headers, ...(method !== "POST" && { method }) };
  const answer = await sendJson(endpoint, body, runtime, signal);
  if ("reply" in answer) return answer.reply;
  if (answer.response.status === 202) return parseBounded(answer.text);
  throw falRefusal(answer.response, answer.text, runtime.clock());
}
