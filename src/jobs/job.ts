import { DurableObject } from "cloudflare:workers";
import { objectStorage } from "../storage/object-database.ts";
import type { JobCalls, JobOrder } from "./calls.ts";
import type { JobDeployment } from "./deployment.ts";
import { JobState } from "./job-state.ts";

/** The class of the Durable Object for one job: what it was asked, its checkpoints, its findings and its end. */
export function jobObject(deployment: JobDeployment) {
  return class Job extends DurableObject<Env> implements JobCalls {
    readonly #state: JobState;

    constructor(context: DurableObjectState, env: Env) {
      super(context, env);
      this.#state = new JobState({ ...objectStorage(context.storage), deployment });
    }

    begin(order: JobOrder) {
      return this.#state.begin(order);
    }

    facts(waitMs: number, isShown?: boolean) {
      return this.#state.facts(waitMs, isShown);
    }

    events(after: number, waitMs: number) {
      return this.#state.events(after, waitMs);
    }

    result() {
      return this.#state.result();
    }

    settled(waitMs: number) {
      return this.#state.settled(waitMs);
    }

    fetched() {
      return this.#state.fetched();
    }

    cancel(ended?: "delete" | "keep") {
      return this.#state.cancel(ended);
    }

    redeliver(delivery: string) {
      return this.#state.redeliver(delivery);
    }

    override alarm(invocation?: AlarmInvocationInfo) {
      return this.#state.alarm(invocation?.retryCount);
    }
  };
}
