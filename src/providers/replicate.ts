import * as z from "zod/mini";
import { answeredUntilAborted } from "./answered-until-aborted.ts";
import { pictureFault } from "./picture-fault.ts";
import { canceledOrLate, ERROR_TEXT } from "./refusal.ts";
import { CLEANUP_MS, callReplicate, type ReplicateAddress, ReplicateId } from "./replicate-client.ts";
import type { ProviderRuntime } from "./runtime.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";
import { type Spent, usageIn } from "./usage.ts";

/** The model that runs: a version by its hash, an official model by its name, or a deployment. */
export type ReplicateTarget =
  | { readonly version: string }
  | { readonly model: string }
  | { readonly deployment: string };

/** An address that Replicate calls when a prediction has ended, so that it is polled rarely. */
export interface Callback {
  readonly url: string;
  /** Resolves with the prediction that the callback delivered; with null where none can arrive. Never rejects. */
  ended(signal: AbortSignal): Promise<unknown>;
}

/** The fields of a prediction that are read (Replicate's OpenAPI document, api.replicate.com/openapi.json). */
const Prediction = z.object({
  id: ReplicateId,
  status: z.enum(["starting", "processing", "succeeded", "failed", "canceled", "aborted"]),
  version: z.optional(z.nullable(z.string())),
  output: z.optional(z.unknown()),
  error: z.optional(z.unknown()),
  data_removed: z.optional(z.nullable(z.boolean())),
  metrics: z.optional(z.unknown()),
});
type Prediction = z.infer<typeof Prediction>;

/** Seconds that the create call may wait for the result: the platform lets few connections wait for headers. */
const WAIT_SECONDS = 5;
/** The smallest `Cancel-After` that Replicate accepts, in seconds. */
const LEAST_CANCEL_SECONDS = 5;
/** First and longest wait between polls, in milliseconds. While a callback is expected, every wait is the longest. */
const [FIRST_POLL_MS, LAST_POLL_MS] = [500, 5_000];
/** How long to wait for the create response after the caller has left, in ms: only it holds the id to cancel. */
const GRACE_MS = WAIT_SECONDS * 1000 + CLEANUP_MS;

/** The limits of one prediction. */
export interface PredictOptions {
  readonly signal: AbortSignal;
  /** Unix time in milliseconds. */
  readonly deadline: number;
  readonly callback?: Callback | null;
  /** Takes work that the answer need not wait for, and runs it to its end. */
  readonly later: (work: Promise<unknown>) => void;
  /** Told the time of a prediction that ended, whatever its end. */
  readonly spent?: Spent | undefined;
}

/**
 * Runs one prediction from its creation to its end, polls included. Each call of Replicate's client is one HTTP
 * request. An abort rejects at once, and then cancels the prediction upstream; `Cancel-After` ends it if that request
 * is lost. Throws a `StageError`, and nothing else.
 */
export async function predict(
  address: ReplicateAddress,
  target: ReplicateTarget,
  input: Readonly<Record<string, unknown>>,
  runtime: ProviderRuntime,
  { signal, deadline, callback = null, later, spent }: PredictOptions,
): Promise<{ output: unknown; version: string | null }> {
  const data: Record<string, unknown> = { input };
  if ("version" in target) data.version = target.version;
  if (callback) Object.assign(data, { webhook: callback.url, webhook_events_filter: ["completed"] });
  const seconds = Math.max(LEAST_CANCEL_SECONDS, Math.ceil((deadline - runtime.clock()) / 1000));
  const headers = { Prefer: `wait=${WAIT_SECONDS}`, "Cancel-After": `${seconds}s` };
  const ended = new AbortController();
  const delivered = callback?.ended(AbortSignal.any([signal, ended.signal])) ?? null;
  try {
    const send = (createSignal: AbortSignal) => create(address, runtime, createSignal, pathOf(target), headers, data);
    const created = await createUnlessAborted(send, (id) => cancel(address, id, runtime), runtime, { signal, later });
    const prediction = await follow(address, created, delivered, runtime, { signal, deadline, later });
    spent?.(usageIn(prediction));
    return { output: outputOf(prediction), version: prediction.version ?? null };
  } finally {
    ended.abort();
  }
}

/** Errors after which the prediction may exist nevertheless. After a 429 or a 503, none exists. */
const AMBIGUOUS: ReadonlySet<StageErrorCode> = new Set(["network", "unreadable", "http_error"]);

/** Creates a prediction. Not retryable when the response was lost: a second prediction would be charged as well. */
async function create(
  address: ReplicateAddress,
  runtime: ProviderRuntime,
  signal: AbortSignal,
  path: string,
  headers: Record<string, string>,
  data: object,
): Promise<Prediction> {
  try {
    const created = await callReplicate(address, runtime, signal, (client) =>
      client.request(path, { method: "POST", headers, data, signal } as never).then((response) => response.json()),
    );
    return read(created);
  } catch (error) {
    if (!(error instanceof StageError) || !AMBIGUOUS.has(error.code)) throw error;
    throw new StageError(error.code, error.detail, { retryable: false });
  }
}

/**
 * Rejects as soon as the signal aborts. A create request that is under way goes on for `GRACE_MS`, and what it created
 * is canceled.
 */
async function createUnlessAborted(
  send: (signal: AbortSignal) => Promise<Prediction>,
  cancelById: (id: string) => Promise<void>,
  { sleep }: Pick<ProviderRuntime, "sleep">,
  { signal, later }: Pick<PredictOptions, "signal" | "later">,
): Promise<Prediction> {
  if (signal.aborted) throw canceledOrLate(signal);
  const createController = new AbortController();
  const creating = send(createController.signal);
  try {
    return await answeredUntilAborted(creating, signal);
  } catch (error) {
    if (signal.aborted) later(cancelCreated());
    throw error;
  }

  async function cancelCreated(): Promise<void> {
    const known = new AbortController();
    const expired = sleep(GRACE_MS, known.signal).then(
      () => createController.abort(),
      () => undefined,
    );
    try {
      const prediction = await creating;
      if (!isOver(prediction)) await cancelById(prediction.id);
    } catch {
      // No prediction, or its id is unknown: then `Cancel-After` ends it.
    } finally {
      known.abort();
      await expired;
    }
  }
}

/**
 * Waits for a prediction's end until the deadline, by polls and the callback, whichever reports it first. When it stops
 * waiting before the end, it cancels the prediction upstream.
 */
async function follow(
  address: ReplicateAddress,
  created: Prediction,
  delivered: Promise<unknown> | null,
  runtime: ProviderRuntime,
  { signal, deadline, later }: PredictOptions,
): Promise<Prediction> {
  let prediction = created;
  let listening = delivered;
  let wait = listening ? LAST_POLL_MS : FIRST_POLL_MS;
  try {
    while (!isOver(prediction)) {
      const remaining = deadline - runtime.clock();
      if (remaining <= 0) throw new StageError("timeout", "did not answer in time");
      const delay = Math.min(remaining, wait / 2 + (runtime.chance() * wait) / 2);
      const callback = await pause(delay, listening, runtime, signal);
      wait = callback ? FIRST_POLL_MS : Math.min(LAST_POLL_MS, wait * 1.5);
      if (callback) listening = null;
      const reported = z.safeParse(Prediction, callback?.prediction).data;
      // A callback about another prediction, or before the end, is not used.
      const ended = reported && reported.id === created.id && isOver(reported);
      prediction = ended ? reported : await poll(address, created.id, runtime, signal);
    }
  } catch (error) {
    later(cancel(address, created.id, runtime));
    throw error;
  }
  return prediction;
}

function pathOf(target: ReplicateTarget): string {
  if ("version" in target) return "/predictions";
  return "model" in target ? `/models/${target.model}/predictions` : `/deployments/${target.deployment}/predictions`;
}

/** One poll. A retryable error counts as "still processing": the prediction itself goes on. */
async function poll(
  address: ReplicateAddress,
  id: string,
  runtime: ProviderRuntime,
  signal: AbortSignal,
): Promise<Prediction> {
  try {
    const polled = read(
      await callReplicate(address, runtime, signal, ({ predictions }) => predictions.get(id, { signal })),
    );
    if (polled.id === id) return polled;
    throw new StageError("unreadable", "answered with another prediction", { retryable: false });
  } catch (error) {
    if (!(error instanceof StageError) || !error.retryable || signal.aborted) throw error;
    await runtime.sleep(error.retryAfterMs ?? 0, signal).catch(() => undefined);
    if (signal.aborted) throw canceledOrLate(signal);
    return { id, status: "processing" };
  }
}

/** Waits until the next poll is due (null), or until the callback arrives. */
async function pause(
  milliseconds: number,
  delivered: Promise<unknown> | null,
  { sleep }: Pick<ProviderRuntime, "sleep">,
  signal: AbortSignal,
): Promise<{ prediction: unknown } | null> {
  const over = new AbortController();
  const slept = sleep(milliseconds, AbortSignal.any([signal, over.signal])).then(() => null);
  try {
    return await (delivered ? Promise.race([slept, delivered.then((prediction) => ({ prediction }))]) : slept);
  } catch {
    throw canceledOrLate(signal);
  } finally {
    over.abort();
    slept.catch(() => undefined);
  }
}

/** Cancels a prediction. Its response, an error included, changes nothing. */
async function cancel(address: ReplicateAddress, id: string, runtime: ProviderRuntime): Promise<void> {
  const timeout = AbortSignal.timeout(CLEANUP_MS);
  await callReplicate(address, runtime, timeout, ({ predictions }) =>
    predictions.cancel(id, { signal: timeout }),
  ).catch(() => undefined);
}

function read(body: unknown): Prediction {
  const parsed = z.safeParse(Prediction, body);
  if (parsed.success) return parsed.data;
  throw new StageError("unreadable", "answered with something that is not a prediction");
}

function isOver({ status }: Prediction): boolean {
  return status !== "starting" && status !== "processing";
}

/**
 * The output of a prediction that succeeded; any other has none to read. A create call whose wait ran out answers with
 * a null output (docs/reference/hosted-models.md, "Replicate").
 */
function outputOf({ status, output, error, data_removed }: Prediction): unknown {
  if (status === "canceled") throw new StageError("failed", "was canceled");
  if (status === "aborted") throw new StageError("not_ready", "did not start in time", { retryable: false });
  if (status === "failed") throw failed(typeof error === "string" ? error.slice(0, ERROR_TEXT) : "");
  if (data_removed) throw new StageError("failed", "has already deleted its output");
  const empty =
    output === null || output === undefined || output === "" || (Array.isArray(output) && output.length === 0);
  if (empty) throw new StageError("failed", "succeeded without an output");
  return output;
}

/**
 * Replicate's error codes stand at the end of a message, as in "(E1000)". E1000 is an unknown error and may pass; E1001
 * is out of memory and does not (docs/reference/hosted-models.md, "Errors and waiting").
 */
function failed(message: string): StageError {
  if (/nsfw|content polic|safety|flagged|sensitive/i.test(message))
    return new StageError("refused", "refused this content");
  return (
    pictureFault(message) ?? new StageError("failed", "failed on this input", { retryable: /\bE1000\b/.test(message) })
  );
}
