import * as z from "zod/mini";
import { awaitEnd, CLEANUP_MS, createError, createUnlessAborted, type Job, type JobOptions } from "./job.ts";
import { pictureFault } from "./picture-fault.ts";
import { ERROR_TEXT } from "./refusal.ts";
import { callReplicate, type ReplicateAddress, ReplicateId } from "./replicate-client.ts";
import { findPrediction, type ReplicateTarget } from "./replicate-search.ts";
import type { KeptCall } from "./resumable.ts";
import { awaitKept, createdOrFound, createKept, type Jobs } from "./resume.ts";
import type { ProviderRuntime, RequestRuntime } from "./runtime.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";
import { type Spent, usageIn } from "./usage.ts";

export type { ReplicateTarget } from "./replicate-search.ts";

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
/** How long to wait for the create response after the caller has left, in ms: only it holds the id to cancel. */
const GRACE_MS = WAIT_SECONDS * 1000 + CLEANUP_MS;

/** What a prediction gave. */
export interface Predicted {
  readonly output: unknown;
  readonly version: string | null;
}

type PredictOptions = JobOptions & { readonly spent?: Spent | undefined };

/**
 * Runs one prediction from its creation to its end, polls included. Each call of Replicate's client is one HTTP
 * request. An abort rejects at once, and then cancels the prediction upstream; `Cancel-After` ends it if that request
 * is lost. Throws a `StageError`, and nothing else.
 *
 * A resumable attempt whose create response was lost, with its process or without it, is looked for in the list of
 * predictions; after a death it is created only when it is not there. Two lost attempts with the same input may get the
 * same prediction: its output is that of both.
 */
export async function predict(
  address: ReplicateAddress,
  target: ReplicateTarget,
  input: Readonly<Record<string, unknown>>,
  runtime: ProviderRuntime,
  options: PredictOptions,
): Promise<Predicted> {
  const { signal, deadline, callback = null, resumable } = options;
  const data: Record<string, unknown> = { input };
  if ("version" in target) data.version = target.version;
  if (callback) Object.assign(data, { webhook: callback.url, webhook_events_filter: ["completed"] });
  const seconds = Math.max(LEAST_CANCEL_SECONDS, Math.ceil((deadline - runtime.clock()) / 1000));
  const headers = { Prefer: `wait=${WAIT_SECONDS}`, "Cancel-After": `${seconds}s` };
  const send = (createSignal: AbortSignal) =>
    createKept(
      { resumable, callback },
      runtime,
      () => create(address, runtime, createSignal, pathOf(target), headers, data),
      ({ id }) => id,
    );
  const undo = (created: Prediction) =>
    isOver(created) ? Promise.resolve() : cancelPrediction(address, created.id, runtime);
  const job = (id: string) => jobOf(address, id, runtime, signal);
  const find: Jobs<Prediction>["find"] = ({ at }, within) =>
    findPrediction(address, target, input, at, runtime, within);
  return listening(options, async (delivered) => {
    const goOn = async (kept: KeptCall | null | undefined) =>
      kept && resumable ? awaitKept(kept, { job, find }, delivered, runtime, { ...options, resumable }) : null;
    const found = resumable?.kept?.id === null ? await goOn(resumable.kept) : null;
    if (found) return found;
    const lost: KeptCall = { attempt: callback?.name ?? null, id: null, at: runtime.clock() };
    const creating = createUnlessAborted(send, undo, runtime, options, GRACE_MS);
    const created = await createdOrFound(creating, () => goOn(lost), options);
    return isOver(created) ? created : await awaitEnd(job(created.id), delivered, runtime, options);
  });
}

/**
 * Goes on with a prediction whose id an earlier process kept: it needs no input. Null where no id is kept, and where
 * Replicate says that there is no such prediction. Throws a `StageError`.
 */
export async function resumePrediction(
  address: ReplicateAddress,
  runtime: ProviderRuntime,
  options: PredictOptions,
): Promise<Predicted | null> {
  const { signal, resumable } = options;
  if (!resumable?.kept?.id) return null;
  const { kept } = resumable;
  const job = (id: string) => jobOf(address, id, runtime, signal);
  const find = async () => null;
  return listening(options, (delivered) =>
    awaitKept(kept, { job, find }, delivered, runtime, { ...options, resumable }),
  );
}

/** What the prediction gave that `work` awaits; `work` is given what the callback delivers. */
async function listening<End extends Prediction | null>(
  { signal, callback, spent }: PredictOptions,
  work: (delivered: Promise<unknown> | null) => Promise<End>,
): Promise<Predicted | (End & null)> {
  const ended = new AbortController();
  const delivered = callback?.ended(AbortSignal.any([signal, ended.signal])) ?? null;
  try {
    const prediction = await work(delivered);
    if (prediction === null) return prediction as End & null;
    spent?.(usageIn(prediction));
    return { output: outputOf(prediction), version: prediction.version ?? null };
  } finally {
    ended.abort();
  }
}

/** Errors after which the prediction may exist nevertheless. After a 429 or a 503, none exists. */
const AMBIGUOUS: ReadonlySet<StageErrorCode> = new Set(["network", "unreadable", "http_error"]);

/** Creates a prediction. Not retryable when the response was lost. */
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
    throw createError(error, AMBIGUOUS);
  }
}

function pathOf(target: ReplicateTarget): string {
  if ("version" in target) return "/predictions";
  return "model" in target ? `/models/${target.model}/predictions` : `/deployments/${target.deployment}/predictions`;
}

/** How the end of a prediction is learned. */
function jobOf(address: ReplicateAddress, id: string, runtime: ProviderRuntime, signal: AbortSignal): Job<Prediction> {
  return {
    async poll() {
      const polled = read(
        await callReplicate(address, runtime, signal, ({ predictions }) => predictions.get(id, { signal })),
      );
      if (polled.id !== id)
        throw new StageError("unreadable", "answered with another prediction", { retryable: false });
      return isOver(polled) ? polled : null;
    },
    read(delivered) {
      const reported = z.safeParse(Prediction, delivered).data;
      return reported && reported.id === id && isOver(reported) ? reported : null;
    },
    cancel: () => cancelPrediction(address, id, runtime),
  };
}

/** Cancels a prediction. Its response, an error included, changes nothing. Never rejects. */
export async function cancelPrediction(address: ReplicateAddress, id: string, runtime: RequestRuntime): Promise<void> {
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
