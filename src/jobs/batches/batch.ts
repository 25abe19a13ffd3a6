import { DurableObject } from "cloudflare:workers";
import type { JobEnd } from "../../../schemas/jobs.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { untilAborted } from "../../resilience/until-aborted.ts";
import type { Objects } from "../../storage/durable-objects.ts";
import { objectStorage } from "../../storage/object-database.ts";
import type { JobCalls } from "../calls.ts";
import type { JobDeployment } from "../deployment.ts";
import { deliver } from "../tell.ts";
import { BatchState } from "./batch-state.ts";
import type { BatchCalls, BatchOrder } from "./calls.ts";
import { tellEnd } from "./tell-end.ts";

/** What a batch needs of its deployment. */
export interface BatchObjectDeployment extends JobDeployment {
  readonly jobs: Objects<JobCalls>;
}

/** The class of the Durable Object for one batch: its lines, which of them run, and how they ended. */
export function batchObject(deployment: BatchObjectDeployment) {
  return class Batch extends DurableObject<Env> implements BatchCalls {
    readonly #state: BatchState;

    constructor(context: DurableObjectState, env: Env) {
      super(context, env);
      const { jobs, jobPictures, clock, timer, log } = deployment;
      const storage = objectStorage(context.storage);
      const { database } = storage;
      this.#state = new BatchState({
        ...storage,
        job: (id) => jobs.at(id),
        deletePictures: (account, ids) => untilAborted(jobPictures.delete(account, ids), timer(LIMITS.storeMs)),
        tellEnd: (facts) => tellEnd(database, facts, deployment),
        deliver: (account) => deliver(database, account, deployment),
        clock,
        timer,
        log,
        waitUntil: (work) => context.waitUntil(work),
      });
    }

    begin(order: BatchOrder) {
      return this.#state.begin(order);
    }

    facts(waitMs: number) {
      return this.#state.facts(waitMs);
    }

    lines(after: number, most: number, waitMs: number) {
      return this.#state.lines(after, most, waitMs);
    }

    cancel() {
      return this.#state.cancel();
    }

    ended(line: number, state: JobEnd, amount?: number) {
      return this.#state.ended(line, state, amount);
    }

    redeliver(delivery: string) {
      return this.#state.redeliver(delivery);
    }

    override alarm() {
      return this.#state.alarm();
    }
  };
}
