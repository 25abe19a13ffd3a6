import Replicate from "replicate";
import * as z from "zod/mini";
import type { ProviderFetch } from "../net/provider-fetch.ts";
import { canceledOrLate, refusal, unanswered } from "./refusal.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";

/** What is asked: a version by its hash, an official model by its name, or a deployment. */
export type ReplicateTarget =
  | { readonly version: string }
  | { readonly model: string }
  | { readonly deployment: string };

export interface ReplicateTools {
  readonly fetch: ProviderFetch;
  readonly clock: () => number;
  readonly random: () => number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
}

export interface ReplicateAddress {
  /** The API's root, or a gateway's path to it. */
  readonly endpoint: URL;
  readonly token: string;
}

/** Where the vendor tells us that a prediction has ended, so that it need hardly be polled for. */
export interface Callback {
  readonly url: string;
  /** Resolves with the prediction as it was told; with null where nobody can tell us. Never rejects. */
  ended(signal: AbortSignal): Promise<unknown>;
}

/** It becomes part of a path that our token is sent to: one with a slash or a dot in it would be another path. */
const Id = z.string().check(z.regex(/^[\w-]{1,200}$/));

/** A prediction as far as it is read (vendor's OpenAPI document; reference: hosted-apis section 1.4). */
const Prediction = z.object({
  id: Id,
  status: z.enum(["starting", "processing", "succeeded", "failed", "canceled", "aborted"]),
  version: z.optional(z.nullable(z.string())),
  output: z.optional(z.unknown()),
  error: z.optional(z.unknown()),
  data_removed: z.optional(z.nullable(z.boolean())),
});
type Prediction = z.infer<typeof Prediction>;

/** Seconds that the create call may wait for the result: the platform lets few connections wait for headers. */
const WAIT_SECONDS = 5;
/** The vendor's least `Cancel-After`. */
const LEAST_CANCEL_SECONDS = 5;
/** Between polls: at first, and at most. Where we are called back, polls are but the net below. */
const [FIRST_POLL_MS, LAST_POLL_MS] = [500, 5_000];
/** For telling the vendor that nobody waits any more, or needs a file any more. */
const CANCEL_MS = 2_000;
/**
 * How much longer than it may take the answer to a create is waited for that nobody else waits for: only it says what
 * to cancel.
 */
const GRACE_MS = WAIT_SECONDS * 1000 + CANCEL_MS;
/** The longest part of an error that is read for a hint of when to come back. */
const SAID = 4_000;

/** What a prediction is bound by. */
export interface PredictOptions {
  readonly signal: AbortSignal;
  /** Unix time in milliseconds. */
  readonly deadline: number;
  readonly callback?: Callback | null;
  /** Takes work that nobody is to wait for, and sees that it gets done. */
  readonly later: (work: Promise<unknown>) => void;
}

/**
 * One prediction, from creation to its end: its polls belong to it. One call of the vendor's client is one HTTP
 * request. An abort rejects at once, and the prediction is canceled upstream behind its back; `Cancel-After` does that
 * where our word does not arrive. Throws a `StageError`, and nothing else.
 */
export async function predict(
  address: ReplicateAddress,
  target: ReplicateTarget,
  input: Readonly<Record<string, unknown>>,
  tools: ReplicateTools,
  { signal, deadline, callback = null, later }: PredictOptions,
): Promise<{ output: unknown; version: string | null }> {
  const data: Record<string, unknown> = { input };
  if ("version" in target) data.version = target.version;
  if (callback) Object.assign(data, { webhook: callback.url, webhook_events_filter: ["completed"] });
  const seconds = Math.max(LEAST_CANCEL_SECONDS, Math.ceil((deadline - tools.clock()) / 1000));
  const headers = { Prefer: `wait=${WAIT_SECONDS}`, "Cancel-After": `${seconds}s` };
  const ended = new AbortController();
  const told = callback?.ended(AbortSignal.any([signal, ended.signal])) ?? null;
  try {
    const send = (own: AbortSignal) => create(address, tools, own, pathOf(target), headers, data);
    const created = await createUnlessAborted(send, (id) => cancel(address, id, tools), tools, { signal, later });
    const prediction = await follow(address, created, told, tools, { signal, deadline, later });
    return { output: outputOf(prediction), version: prediction.version ?? null };
  } finally {
    ended.abort();
  }
}

/**
 * What may hide that a create was taken: no answer, half of one, a gateway's word that it got none. A 429 and a 503 say
 * that it was not.
 */
const UNTOLD: ReadonlySet<StageErrorCode> = new Set(["network", "unreadable", "http_error"]);

/** A create whose answer was lost may have been taken, and would be charged a second time: it is not sent again. */
async function create(
  address: ReplicateAddress,
  tools: ReplicateTools,
  signal: AbortSignal,
  path: string,
  headers: Record<string, string>,
  data: object,
): Promise<Prediction> {
  try {
    const created = await call(address, tools, signal, (client) =>
      client.request(path, { method: "POST", headers, data, signal } as never).then((response) => response.json()),
    );
    return read(created);
  } catch (error) {
    if (!(error instanceof StageError) || !UNTOLD.has(error.code)) throw error;
    throw new StageError(error.code, error.detail, { retryable: false });
  }
}

/**
 * An abort while the create is on its way must not lose sight of what the vendor makes of it: that is waited for a
 * little longer, behind the caller's back, and canceled.
 */
async function createUnlessAborted(
  send: (signal: AbortSignal) => Promise<Prediction>,
  giveUp: (id: string) => Promise<void>,
  { sleep }: ReplicateTools,
  { signal, later }: Pick<PredictOptions, "signal" | "later">,
): Promise<Prediction> {
  if (signal.aborted) throw canceledOrLate(signal);
  const own = new AbortController();
  const creating = send(own.signal);
  let stop = () => {};
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(canceledOrLate(signal));
    signal.addEventListener("abort", stop, { once: true });
  });
  try {
    return await Promise.race([creating, stopped]);
  } catch (error) {
    if (signal.aborted) later(forsake());
    throw error;
  } finally {
    signal.removeEventListener("abort", stop);
  }

  async function forsake(): Promise<void> {
    const known = new AbortController();
    const expired = sleep(GRACE_MS, known.signal).then(
      () => own.abort(),
      () => undefined,
    );
    try {
      const prediction = await creating;
      if (!isOver(prediction)) await giveUp(prediction.id);
    } catch {
      // Nothing was made, or nobody told us what: then `Cancel-After` ends it.
    } finally {
      known.abort();
      await expired;
    }
  }
}

/**
 * Wait for a prediction's end, until the deadline. Whoever tells of it first is believed, and an end never changes. One
 * that is given up is canceled upstream.
 */
async function follow(
  address: ReplicateAddress,
  created: Prediction,
  told: Promise<unknown> | null,
  tools: ReplicateTools,
  { signal, deadline, later }: PredictOptions,
): Promise<Prediction> {
  let prediction = created;
  let listening = told;
  let wait = listening ? LAST_POLL_MS : FIRST_POLL_MS;
  try {
    while (!isOver(prediction)) {
      const left = deadline - tools.clock();
      if (left <= 0) throw new StageError("timeout", "did not answer in time");
      const word = await pause(Math.min(left, wait / 2 + (tools.random() * wait) / 2), listening, tools, signal);
      wait = word.heard ? FIRST_POLL_MS : Math.min(LAST_POLL_MS, wait * 1.5);
      if (word.heard) listening = null;
      const heard = z.safeParse(Prediction, word.heard?.prediction).data;
      // A word of another prediction is no word of this one.
      prediction =
        heard && heard.id === created.id && isOver(heard) ? heard : await poll(address, created.id, tools, signal);
    }
  } catch (error) {
    later(cancel(address, created.id, tools));
    throw error;
  }
  return prediction;
}

/** A picture that models cannot reach by a link, as a file of the vendor's. Throws a `StageError`. */
export async function upload(
  address: ReplicateAddress,
  file: Blob,
  tools: Pick<ReplicateTools, "fetch" | "clock">,
  signal: AbortSignal,
): Promise<{ url: string; remove: () => Promise<void> }> {
  const created = await call(
    address,
    tools,
    signal,
    (client) => client.files.create(file, {}, { signal }) as Promise<unknown>,
  );
  const parsed = z.safeParse(z.object({ id: Id, urls: z.object({ get: z.url() }) }), created);
  if (!parsed.success) throw new StageError("unreadable", "answered an upload with something that is no file");
  const { id, urls } = parsed.data;
  const remove = async () => {
    const late = AbortSignal.timeout(CANCEL_MS);
    await call(address, tools, late, (client) => client.files.delete(id, { signal: late })).catch(() => undefined);
  };
  return { url: urls.get, remove };
}

function pathOf(target: ReplicateTarget): string {
  if ("version" in target) return "/predictions";
  return "model" in target ? `/models/${target.model}/predictions` : `/deployments/${target.deployment}/predictions`;
}

/** A poll that stumbles is no reason to give up a prediction that runs: what may go well later counts as "not yet". */
async function poll(
  address: ReplicateAddress,
  id: string,
  tools: ReplicateTools,
  signal: AbortSignal,
): Promise<Prediction> {
  try {
    const polled = read(await call(address, tools, signal, (client) => client.predictions.get(id, { signal })));
    if (polled.id === id) return polled;
    throw new StageError("unreadable", "answered about another prediction", { retryable: false });
  } catch (error) {
    if (!(error instanceof StageError) || !error.retryable || signal.aborted) throw error;
    await tools.sleep(error.retryAfterMs ?? 0, signal).catch(() => undefined);
    if (signal.aborted) throw canceledOrLate(signal);
    return { id, status: "processing" };
  }
}

/** Wait until the next poll is due, or until we are told how it ended. */
async function pause(
  wait: number,
  told: Promise<unknown> | null,
  tools: ReplicateTools,
  signal: AbortSignal,
): Promise<{ heard: { prediction: unknown } | null }> {
  const over = new AbortController();
  const slept = tools.sleep(wait, AbortSignal.any([signal, over.signal])).then(() => ({ heard: null }));
  try {
    return await (told ? Promise.race([slept, told.then((prediction) => ({ heard: { prediction } }))]) : slept);
  } catch {
    throw canceledOrLate(signal);
  } finally {
    over.abort();
    slept.catch(() => undefined);
  }
}

/** Best effort: what it answers changes nothing for us. */
async function cancel(address: ReplicateAddress, id: string, tools: ReplicateTools): Promise<void> {
  const signal = AbortSignal.timeout(CANCEL_MS);
  await call(address, tools, signal, (client) => client.predictions.cancel(id, { signal })).catch(() => undefined);
}

/**
 * One call of the client as one HTTP request. The client asks six times in a few milliseconds whenever its fetch throws
 * or answers 429 (measured: hosted-apis section 1.3, B to D), so what went wrong is kept here and the client is shown a
 * status that it does not try again.
 */
async function call<T>(
  { endpoint, token }: ReplicateAddress,
  { fetch, clock }: Pick<ReplicateTools, "fetch" | "clock">,
  signal: AbortSignal,
  use: (client: Replicate) => Promise<T>,
): Promise<T> {
  let failure: StageError | null = null;
  const once = async (url: URL | RequestInfo, init: RequestInit = {}): Promise<Response> => {
    try {
      const response = await fetch(new URL(String(url)), { ...init, signal });
      // Read here: the client would take a body that breaks off for one that is no JSON.
      const text = await response.text();
      if (response.ok) return new Response(response.status === 204 ? null : text, { status: response.status });
      failure = refusal(response, text.slice(0, SAID), clock());
    } catch {
      failure = unanswered(signal);
    }
    return new Response("", { status: 400 });
  };
  const client = new Replicate({
    baseUrl: endpoint.href,
    fetch: once as never,
    useFileOutput: false,
    userAgent: "Namesight",
  });
  // Where it is given none, the client takes the token that the process's environment may have, for whatever address.
  client.auth = token;
  try {
    return await use(client);
  } catch {
    if (failure) throw failure;
    throw signal.aborted
      ? canceledOrLate(signal)
      : new StageError("unreadable", "answered something that is not JSON, or half of it");
  }
}

function read(body: unknown): Prediction {
  const parsed = z.safeParse(Prediction, body);
  if (parsed.success) return parsed.data;
  throw new StageError("unreadable", "answered something that is not a prediction");
}

function isOver({ status }: Prediction): boolean {
  return status !== "starting" && status !== "processing";
}

/**
 * Output is read from a prediction that succeeded and from no other (a block that ran out answers null: section 1.3, A
 * and F).
 */
function outputOf({ status, output, error, data_removed }: Prediction): unknown {
  if (status === "canceled") throw new StageError("failed", "was canceled");
  if (status === "aborted") throw new StageError("not_ready", "did not start in time", { retryable: false });
  if (status === "failed") throw failed(typeof error === "string" ? error : "");
  if (data_removed) throw new StageError("failed", "has thrown its output away already");
  const nothing =
    output === null || output === undefined || output === "" || (Array.isArray(output) && output.length === 0);
  if (nothing) throw new StageError("failed", "succeeded without an output");
  return output;
}

/**
 * The vendor's codes stand at the end of a message, as in "(E1000)"; E1000 is unknown and may pass, E1001 is memory and
 * does not.
 */
function failed(message: string): StageError {
  if (/nsfw|content polic|safety|flagged|sensitive/i.test(message))
    return new StageError("refused", "refused this content");
  return new StageError("failed", "failed on this input", { retryable: /\bE1000\b/.test(message) });
}
