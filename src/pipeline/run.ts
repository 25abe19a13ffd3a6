import { createLimiter, type Limiter } from "../net/connections.ts";
import type { Deployment } from "./deployment.ts";
import { type Emit, type RunEvent, roundEvent } from "./events.ts";
import { RunPictures } from "./picture/run-pictures.ts";
import { StageRunner } from "./stage-runner.ts";

/** The options of a run, set by its starter: a route, a Durable Object, a bot. */
export interface RunOptions {
  /** The request's id, `req_…`. */
  readonly id: string;
  /** Whose masks and overlays the run keeps. */
  readonly account: string;
  /** Ends the run when it aborts: nobody waits for it any more. */
  readonly signal: AbortSignal;
  /** Where the links in the answer point: the origin at which the caller reached this Worker. */
  readonly origin: string;
  /** Keeps this code running until the work is done, also after the answer. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Milliseconds from now in which the run must end. */
  readonly deadlineMs: number;
  /** False: nothing of the post may stay, no cache entry, no mask, no overlay. */
  readonly store: boolean;
}

/** One run: its models, its pictures, and what it has found. */
export interface Run extends Pick<RunOptions, "id" | "account" | "origin" | "store" | "waitUntil"> {
  readonly deployment: Deployment;
  /** Aborts when the deadline has passed, the caller has left, or the run has ended. */
  readonly signal: AbortSignal;
  /** Aborts when nobody waits for the run any more. */
  readonly caller: AbortSignal;
  readonly stages: StageRunner;
  readonly pictures: RunPictures;
  /** Bounds the outgoing connections of the run, KV and R2 included. */
  readonly limit: Limiter;
  /** Everything found so far, in order. */
  readonly events: readonly RunEvent[];
  readonly emit: Emit;
}

/**
 * Do work in a new run. However the work ends, what still runs upstream is canceled and the pictures that models were
 * shown are deleted; that happens behind the answer, under `waitUntil`. The run also ends when `options.signal` aborts
 * and when its deadline has passed.
 *
 * @example const answer = await startRun(options, deployment, (run) => recognize(post, run));
 * @throws what the work throws
 */
export function startRun<T>(options: RunOptions, deployment: Deployment, work: (run: Run) => Promise<T>): Promise<T> {
  const { id, account, origin, store, waitUntil, deadlineMs } = options;
  const over = new AbortController();
  const signal = AbortSignal.any([options.signal, AbortSignal.timeout(Math.max(0, deadlineMs)), over.signal]);
  const deadline = deployment.clock() + deadlineMs;
  const limit = createLimiter();
  const events: RunEvent[] = [];
  const emit: Emit = (event) => void events.push(roundEvent(event));
  const stages = new StageRunner({ ...deployment, limit, deadline, signal, emit });
  const pictures = new RunPictures({ ...deployment, limit, deadline });
  const run: Run = {
    id,
    account,
    origin,
    store,
    waitUntil,
    deployment,
    signal,
    caller: options.signal,
    stages,
    pictures,
    limit,
    events,
    emit,
  };
  const working = (async () => {
    try {
      return await work(run);
    } finally {
      over.abort();
      waitUntil(Promise.all([stages.settled(), pictures.close()]));
    }
  })();
  // Without it workerd drops this code as soon as the caller hangs up, and nothing upstream is canceled.
  waitUntil(working.catch(() => undefined));
  return working;
}
