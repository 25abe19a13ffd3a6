import type { StageName } from "../../../../schemas/stages/index.ts";
import { awaitEnd, CLEANUP_MS, createError, createUnlessAborted } from "../../../../src/providers/job.ts";
import { canceledOrLate } from "../../../../src/providers/refusal.ts";
import type { KeptCall } from "../../../../src/providers/resumable.ts";
import { awaitKept, createdOrFound, createKept, type Jobs } from "../../../../src/providers/resume.ts";
import type { ProviderRuntime } from "../../../../src/providers/runtime.ts";
import { untilAborted } from "../../../../src/resilience/until-aborted.ts";
import { type AttemptOptions, StageError, type StageErrorCode } from "../../../../src/stages/model.ts";

/** A prediction at the host. */
export interface Prediction {
  readonly id: string;
  /** The key of the attempt that created it. */
  readonly attempt: string;
  readonly createdAt: number;
  readonly endsAt: number;
  readonly fails: boolean;
  /** Whether its end was read. */
  isRead: boolean;
  isCancelAsked: boolean;
}

/** What becomes of a prediction. */
type Fortune = Pick<Prediction, "endsAt" | "fails">;

/** What the host works with: the points of one process. */
export interface HostAccess {
  readonly runtime: ProviderRuntime;
  readonly timer: (milliseconds: number) => AbortSignal;
  reach<Answer>(work: () => Answer): Promise<Answer>;
}

/** How long a create request may go on behind an abort, in milliseconds. */
const GRACE_MS = 7_000;
const LOST = new Set<StageErrorCode>(["network"]);

/** A host that does its work behind the request that creates it, and tells the end to those who poll. */
export class PredictionHost {
  readonly predictions = new Map<string, Prediction>();
  readonly #next: () => Fortune;
  readonly #created: (attempt: string, item: string) => void;

  /**
   * @param next what becomes of the next prediction
   * @param created is told of each creation, before it
   */
  constructor(next: () => Fortune, created: (attempt: string, item: string) => void) {
    this.#next = next;
    this.#created = created;
  }

  /** Runs a prediction to its end as `src/providers/replicate.ts` does, and goes on with that of an earlier process. */
  async run(access: HostAccess, stage: StageName, ids: readonly string[], options: AttemptOptions): Promise<void> {
    const { resumable, signal } = options;
    if (!resumable) throw new Error("a job's attempt is not resumable");
    const [attempt, item] = [resumable.key, itemOf(stage, ids)];
    const { runtime } = access;
    const jobs = this.#jobs(access, attempt, signal);
    const goOn = (kept: KeptCall) => awaitKept(kept, jobs, null, runtime, { ...options, resumable });
    const found = resumable.kept && (await goOn(resumable.kept));
    if (found) return endOf(found);
    const lost: KeptCall = { attempt, id: null, at: runtime.clock() };
    const callback = { name: attempt, url: "", ended: async () => null };
    const create = (within: AbortSignal) =>
      this.#send(access, () => this.#create(attempt, item, runtime.clock()), within).catch((error) => {
        throw createError(error, LOST);
      });
    const send = (within: AbortSignal) =>
      createKept(
        { resumable, callback },
        runtime,
        () => create(within),
        ({ id }) => id,
      );
    const undo = ({ id }: Prediction) => this.#cancel(access, id);
    const creating = createUnlessAborted(send, undo, runtime, options, GRACE_MS);
    const created = await createdOrFound(creating, () => goOn(lost), options);
    return endOf(created.isRead ? created : await awaitEnd(jobs.job(created.id), null, runtime, options));
  }

  /** Cancels what an attempt of another process may have left running. Never rejects. */
  async cancelKept(access: HostAccess, kept: KeptCall): Promise<void> {
    const id = kept.id ?? this.#lost(kept.attempt ?? "")?.id;
    if (id) await this.#cancel(access, id);
  }

  #jobs(access: HostAccess, attempt: string, signal: AbortSignal): Jobs<Prediction> {
    return {
      job: (id) => ({
        poll: () => this.#send(access, () => this.#poll(id, access.runtime.clock()), signal),
        read: () => null,
        cancel: () => this.#cancel(access, id),
      }),
      find: (_, within) => this.#send(access, () => this.#lost(attempt)?.id ?? null, within),
    };
  }

  async #send<Answer>(access: HostAccess, work: () => Answer, signal?: AbortSignal): Promise<Answer> {
    const sent = access.reach(work).catch((error) => {
      if (error instanceof StageError) throw error;
      throw new StageError("network", "could not be reached");
    });
    if (!signal) return sent;
    return untilAborted(sent, signal).catch((error) => {
      throw signal.aborted ? canceledOrLate(signal) : error;
    });
  }

  #create(attempt: string, item: string, createdAt: number): Prediction {
    this.#created(attempt, item);
    const id = `p${this.predictions.size + 1}`;
    const prediction = { id, attempt, createdAt, isRead: false, isCancelAsked: false, ...this.#next() };
    this.predictions.set(id, prediction);
    return prediction;
  }

  /** The prediction of an attempt, by the name that its creation was sent with. */
  #lost(attempt: string): Prediction | undefined {
    return [...this.predictions.values()].find((one) => one.attempt === attempt);
  }

  #poll(id: string, now: number): Prediction | null {
    const prediction = this.predictions.get(id);
    if (!prediction) throw new StageError("not_found", "knows no such prediction");
    if (now < prediction.endsAt) return null;
    prediction.isRead = true;
    return prediction;
  }

  async #cancel(access: HostAccess, id: string): Promise<void> {
    const prediction = this.predictions.get(id);
    if (prediction) prediction.isCancelAsked = true;
    const canceled = access.reach(() => undefined);
    await untilAborted(canceled, access.timer(CLEANUP_MS)).catch(() => undefined);
  }
}

function endOf({ fails }: Prediction): void {
  if (fails) throw new StageError("failed", "failed on this input", { retryable: true });
}

export const itemOf = (stage: StageName, ids: readonly string[]) => [stage, ...[...ids].sort()].join(" ");
