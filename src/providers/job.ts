import { answeredUntilAborted } from "./answered-until-aborted.ts";
import { canceledOrLate } from "./refusal.ts";
import type { Resumable } from "./resumable.ts";
import type { ProviderRuntime } from "./runtime.ts";
import { StageError, type StageErrorCode } from "./stage-error.ts";

/** An address that a vendor calls when a job has ended, so that it is polled rarely. */
export interface Callback {
  /** By which it can be opened again. */
  readonly name: string;
  readonly url: string;
  /** Resolves with what the callback delivered; with null where none can arrive. Never rejects. */
  ended(signal: AbortSignal): Promise<unknown>;
}

/** The limits of one job. */
export interface JobOptions {
  readonly signal: AbortSignal;
  /** Unix time in milliseconds. */
  readonly deadline: number;
  readonly callback?: Callback | null;
  /** Takes work that the answer need not wait for, and runs it to its end. */
  readonly later: (work: Promise<unknown>) => void;
  /** Present where the job outlives the process. */
  readonly resumable?: Resumable | undefined;
}

/** Work that a vendor does behind a request: how its end is learned, and how it is canceled. */
export interface Job<End> {
  /** Asks once: the end, or null while there is none. Throws a `StageError`. */
  poll(): Promise<End | null>;
  /** The end that a callback delivered; null where it is about another job, or before the end. */
  read(delivered: unknown): End | null;
  /** Its response changes nothing. Never rejects. */
  cancel(): Promise<void>;
}

/** First and longest wait between polls, in milliseconds. While a callback is expected, every wait is the longest. */
const [FIRST_POLL_MS, LAST_POLL_MS] = [500, 5_000];

/** Time that a cancel or a deletion may take, in milliseconds. */
export const CLEANUP_MS = 2_000;

/**
 * Waits for a job's end until the deadline, by polls and the callback, whichever reports it first. When it stops
 * waiting before the end, it cancels the job upstream. Throws a `StageError`.
 *
 * @param delivered what the callback delivers; null where none is expected
 * @param atOnce whether the first poll is made at once, because the job may have ended already
 */
export async function awaitEnd<End>(
  job: Job<End>,
  delivered: Promise<unknown> | null,
  runtime: ProviderRuntime,
  { signal, deadline, later }: JobOptions,
  atOnce = false,
): Promise<End> {
  let listening = delivered;
  let wait = listening ? LAST_POLL_MS : FIRST_POLL_MS;
  try {
    for (let isDue = atOnce; ; isDue = false) {
      const remaining = deadline - runtime.clock();
      if (remaining <= 0) throw new StageError("timeout", "did not answer in time");
      const delay = isDue ? 0 : Math.min(remaining, wait / 2 + (runtime.chance() * wait) / 2);
      const callback = await pause(delay, listening, runtime, signal);
      if (callback) wait = FIRST_POLL_MS;
      else if (!isDue) wait = Math.min(LAST_POLL_MS, wait * 1.5);
      if (callback) listening = null;
      const end = (callback && job.read(callback.delivered)) ?? (await pollOnce(job, runtime, signal));
      if (end !== null) return end;
    }
  } catch (error) {
    later(job.cancel());
    throw error;
  }
}

/** One poll. A retryable error counts as "still running": the job itself goes on. */
async function pollOnce<End>(job: Job<End>, runtime: ProviderRuntime, signal: AbortSignal): Promise<End | null> {
  try {
    return await job.poll();
  } catch (error) {
    if (!(error instanceof StageError) || !error.retryable || signal.aborted) throw error;
    await runtime.sleep(error.retryAfterMs ?? 0, signal).catch(() => undefined);
    if (signal.aborted) throw canceledOrLate(signal);
    return null;
  }
}

/** Waits so many milliseconds (null), or until the callback arrives. Throws a `StageError`. */
export async function pause(
  milliseconds: number,
  delivered: Promise<unknown> | null,
  { sleep }: Pick<ProviderRuntime, "sleep">,
  signal: AbortSignal,
): Promise<{ delivered: unknown } | null> {
  const over = new AbortController();
  const told = delivered?.then((end) => ({ delivered: end }));
  const slept = sleep(milliseconds, AbortSignal.any([signal, over.signal])).then(() => null);
  try {
    return await (told ? Promise.race([told, slept]) : slept);
  } catch {
    throw canceledOrLate(signal);
  } finally {
    over.abort();
    slept.catch(() => undefined);
  }
}

/**
 * The error of a create request. With one of these codes the job may exist nevertheless: it may be charged, and is not
 * created again, because a second one would be charged as well.
 */
export function createError(error: unknown, mayExist: ReadonlySet<StageErrorCode>): unknown {
  if (!(error instanceof StageError) || !mayExist.has(error.code)) return error;
  return new StageError(error.code, error.detail, { retryable: false, charged: true });
}

/**
 * Creates a job, and rejects as soon as the signal aborts. A create request that is under way goes on for `graceMs`,
 * because only its response holds the id by which the job can be canceled.
 *
 * @param undo cancels what was created
 */
export async function createUnlessAborted<Created>(
  send: (signal: AbortSignal) => Promise<Created>,
  undo: (created: Created) => Promise<void>,
  { sleep }: Pick<ProviderRuntime, "sleep">,
  { signal, later }: Pick<JobOptions, "signal" | "later">,
  graceMs: number,
): Promise<Created> {
  if (signal.aborted) throw canceledOrLate(signal);
  const createController = new AbortController();
  const creating = send(createController.signal);
  try {
    return await answeredUntilAborted(creating, signal);
  } catch (error) {
    if (signal.aborted) later(undoCreated());
    throw error;
  }

  async function undoCreated(): Promise<void> {
    const known = new AbortController();
    const expired = sleep(graceMs, known.signal).then(
      () => createController.abort(),
      () => undefined,
    );
    try {
      await undo(await creating);
    } catch {
      // No job, or its id is unknown: then the vendor's own limit ends it.
    } finally {
      known.abort();
      await expired;
    }
  }
}
