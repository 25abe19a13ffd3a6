import { awaitEnd, type Callback, CLEANUP_MS, type Job, type JobOptions } from "./job.ts";
import type { KeptCall, Resumable } from "./resumable.ts";
import type { ProviderRuntime } from "./runtime.ts";
import { StageError } from "./stage-error.ts";

/** How long a lost job is looked for, to cancel it, in milliseconds. */
const LOOK_MS = 3 * CLEANUP_MS;

/** The jobs of a vendor. */
export interface Jobs<End> {
  /** The job with this id. */
  job(id: string): Job<End>;
  /** Looks for the job whose creation was not answered: its id, null where there is none. Throws a `StageError`. */
  find(kept: KeptCall, signal: AbortSignal): Promise<string | null>;
}

/**
 * Goes on with a job that an earlier process created, as `awaitEnd` does. Where the response to its creation was lost,
 * it is looked for. Null where the vendor says that there is no such job: then none runs, and it can be created. Throws
 * a `StageError`.
 */
export async function awaitKept<End>(
  kept: KeptCall,
  jobs: Jobs<End>,
  delivered: Promise<unknown> | null,
  runtime: ProviderRuntime,
  options: JobOptions & { readonly resumable: Resumable },
): Promise<End | null> {
  const id = kept.id ?? (await findLost(kept, jobs, runtime, options));
  if (id === null) return null;
  const job = jobs.job(id);
  const known: Job<{ end: End | null }> = {
    async poll() {
      try {
        return ended(await job.poll());
      } catch (error) {
        if (error instanceof StageError && error.code === "not_found") return { end: null };
        throw error;
      }
    },
    read: (told) => ended(job.read(told)),
    cancel: () => job.cancel(),
  };
  return (await awaitEnd(known, delivered, runtime, options, true)).end;
}

const ended = <End>(end: End | null) => (end === null ? null : { end });

/** The id of a job whose creation was not answered, which is kept from then on. An abort cancels what is found. */
export async function findLost(
  kept: KeptCall,
  jobs: Jobs<unknown>,
  runtime: ProviderRuntime,
  options: JobOptions & { readonly resumable: Resumable },
): Promise<string | null> {
  const find = async (signal: AbortSignal) => {
    const id = await jobs.find(kept, signal);
    if (id !== null) options.resumable.keep({ ...kept, id });
    return id;
  };
  const search: Job<{ id: string | null }> = {
    poll: async () => ({ id: await find(options.signal) }),
    read: () => null,
    async cancel() {
      const id = await find(AbortSignal.timeout(LOOK_MS)).catch(() => null);
      if (id !== null) await jobs.job(id).cancel();
    },
  };
  return (await awaitEnd(search, null, runtime, options, true)).id;
}

/** Creates a job. Keeps that it is about to be created, and its id before anything else is sent. */
export async function createKept<Created>(
  { resumable, callback }: { readonly resumable?: Resumable | undefined; readonly callback: Callback | null },
  { clock }: Pick<ProviderRuntime, "clock">,
  send: () => Promise<Created>,
  idOf: (created: Created) => string,
): Promise<Created> {
  const kept: KeptCall = { attempt: callback?.name ?? null, id: null, at: clock() };
  resumable?.keep(kept);
  const created = await send();
  resumable?.keep({ ...kept, id: idOf(created) });
  return created;
}

/**
 * What was created. In a resumable attempt whose create response was lost although the process lives, it is looked for;
 * the error stands where it is not found.
 */
export async function createdOrFound<Created>(
  creating: Promise<Created>,
  find: () => Promise<Created | null>,
  { signal, resumable }: Pick<JobOptions, "signal" | "resumable">,
): Promise<Created> {
  try {
    return await creating;
  } catch (error) {
    const isLost = resumable !== undefined && error instanceof StageError && error.charged && !signal.aborted;
    const found = isLost ? await find() : null;
    if (found === null) throw error;
    return found;
  }
}
