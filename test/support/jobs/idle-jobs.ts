import type { JobCalls, JobFacts, JobOrder } from "../../../src/jobs/calls.ts";
import type { Objects } from "../../../src/storage/durable-objects.ts";

/** Jobs that begin and never run, in memory: for tests of what is before them. */
export class IdleJobs implements Objects<JobCalls> {
  readonly orders = new Map<string, JobOrder>();
  readonly #canceled = new Set<string>();

  at(id: string): JobCalls {
    const facts = async () => this.#factsOf(id);
    return {
      begin: async (order) => {
        const isNew = !this.orders.has(id);
        if (isNew) this.orders.set(id, order);
        return isNew;
      },
      facts,
      events: async () => (this.orders.has(id) ? { events: [], ended: this.#canceled.has(id), last: 0 } : null),
      result: async () => null,
      settled: async () => undefined,
      fetched: async () => undefined,
      cancel: async () => {
        this.#canceled.add(id);
        return this.#factsOf(id);
      },
      redeliver: async () => false,
    };
  }

  #factsOf(id: string): JobFacts | null {
    const order = this.orders.get(id);
    if (!order) return null;
    const { fields: _, payer: _payer, ...known } = order;
    const isCanceled = this.#canceled.has(id);
    const none = { startedAt: null, expiresAt: null, partial: null, problem: null, charge: null };
    const endedAt = isCanceled ? order.acceptedAt : null;
    const progress = { stages: [], entities: [] };
    const state = isCanceled ? "canceled" : "queued";
    return { ...none, order: known, state, endedAt, isKept: !isCanceled, progress };
  }
}
