import { isEnd, type JobEnd, type JobState } from "../../../schemas/jobs.ts";
import { toUsd } from "../../../schemas/money.ts";
import { NO_UNITS } from "../../../schemas/prices.ts";
import { problemDocument } from "../../../schemas/problem.ts";
import type { BatchListener, JobCalls, JobFacts, JobOrder, JobResult } from "../../../src/jobs/calls.ts";

/** What becomes of a call before it has an effect, or after it. */
export type Fate = "answered" | "refused" | "lost" | "killed";

interface ScriptedJob {
  readonly order: JobOrder;
  state: JobState;
  amount: number;
  fetched: number;
  isDeleted: boolean;
}

/** Jobs in memory that end when a test says so. */
export class ScriptedJobs {
  readonly jobs = new Map<string, ScriptedJob>();
  /** What a job is charged that is canceled, in nano-dollars: for what was read of it. */
  canceledAmount = 0;
  /** The answer of a job that succeeded. */
  answerOf: (id: string, order: JobOrder) => object = (id) => ({ id, entities: [] });
  /** Decides what becomes of each call. A killed one never settles: the process that waits for it has died. */
  fate: (method: "begin" | "facts" | "cancel", id: string) => Fate = () => "answered";

  at(id: string): JobCalls {
    return {
      begin: (order) => this.#call("begin", id, () => this.#begin(id, order)),
      facts: () => this.#call("facts", id, () => this.factsOf(id)),
      cancel: (ended) =>
        this.#call("cancel", id, () => {
          const job = this.jobs.get(id);
          if (job && isEnd(job.state) && ended !== "keep") job.isDeleted = true;
          this.end(id, "canceled");
          return this.factsOf(id);
        }),
      events: async () => ({ events: [], ended: true, last: 0 }),
      settled: async () => undefined,
      result: async () => this.#result(id),
      fetched: async () => {
        const job = this.jobs.get(id);
        if (job) job.fetched++;
      },
      redeliver: async () => false,
    };
  }

  get running(): string[] {
    return [...this.jobs].flatMap(([id, { state }]) => (isEnd(state) ? [] : [id]));
  }

  /** Ends a job that runs; another stays as it is. */
  end(id: string, state: JobEnd, amount = 0): void {
    const job = this.jobs.get(id);
    if (!job || isEnd(job.state)) return;
    const charged = { succeeded: amount, canceled: this.canceledAmount, failed: 0, expired: 0 };
    Object.assign(job, { state, amount: charged[state] });
  }

  /** Tells a batch the end of a job. */
  async tell(id: string, batch: BatchListener, amount?: number): Promise<void> {
    const job = this.jobs.get(id);
    if (job?.order.batch && isEnd(job.state)) await batch.ended(job.order.batch.line, job.state, amount);
  }

  factsOf(id: string): JobFacts | null {
    const job = this.jobs.get(id);
    if (!job) return null;
    const charge = { amount_usd: toUsd(job.amount), units: NO_UNITS, balance_usd: null };
    return {
      order: job.order,
      state: job.state,
      startedAt: null,
      endedAt: null,
      expiresAt: null,
      isKept: job.state !== "canceled",
      partial: null,
      problem: job.state === "failed" ? problemDocument("stage_failed", "The stage failed.") : null,
      charge: job.amount > 0 ? charge : null,
      progress: { stages: [], entities: [] },
    };
  }

  #begin(id: string, order: JobOrder): boolean {
    if (this.jobs.has(id)) return false;
    this.jobs.set(id, { order, state: "running", amount: 0, fetched: 0, isDeleted: false });
    return true;
  }

  #result(id: string): JobResult | null {
    const job = this.jobs.get(id);
    if (job?.state !== "succeeded" || job.isDeleted || (job.fetched > 0 && job.order.fields.store === false))
      return null;
    return { answer: JSON.stringify(this.answerOf(id, job.order)), charge: this.factsOf(id)?.charge ?? null };
  }

  #call<T>(method: "begin" | "facts" | "cancel", id: string, work: () => T): Promise<T> {
    const fate = this.fate(method, id);
    if (fate === "refused") return Promise.reject(new Error("not reached"));
    const result = work();
    if (fate === "lost") return Promise.reject(new Error("the answer was lost"));
    return fate === "killed" ? new Promise(() => undefined) : Promise.resolve(result);
  }
}
