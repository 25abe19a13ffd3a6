import { createLimiter } from "../net/connections.ts";
import type { Claim } from "../resilience/memory-budget.ts";
import type { Chains } from "../stages/model.ts";
import { Budget } from "./budget.ts";
import type { Checkpoints } from "./checkpoints.ts";
import type { Deployment } from "./deployment.ts";
import { type Emit, type RunEvent, roundEvent } from "./events.ts";
import { RunPictures } from "./picture/run-pictures.ts";
import { StageRunner } from "./stage-runner.ts";
import { createStoreCall, type StoreCall } from "./store-call.ts";

/** The options of a run, set by whoever starts it: a route, a Durable Object, a bot. */
export interface RunOptions {
  /** The request's id, `req_…`. */
  readonly id: string;
  /** The account under which masks and overlays are stored. */
  readonly account: string;
  /** Aborts when the caller no longer waits for the answer. That ends the run. */
  readonly signal: AbortSignal;
  /** The base of the links in the answer: this Worker's public address, else where the caller reached it. */
  readonly origin: URL;
  /** Keeps the Worker running until the work is done, also after the answer was sent. */
  readonly waitUntil: (work: Promise<unknown>) => void;
  /** Time until the run is ended, in milliseconds from now. */
  readonly deadlineMs: number;
  /** When the run is ended, in Unix milliseconds, where an earlier process has begun it. */
  readonly deadline?: number;
  /** Most that the models may cost, in nano-dollars; null or absent for no limit. */
  readonly maximumCost?: number | null;
  /** Whether later models of a chain are asked when the first does not answer. True where absent. */
  readonly fallback?: boolean;
  /** When false, nothing of the post is kept: no cache entry, no mask, no overlay. */
  readonly store: boolean;
  /** The memory that the post has claimed; the run ends the claim. Without it, the run opens one. */
  readonly claim?: Claim;
  /** What an earlier process of the run kept, and where this one does; absent for a run that ends with its process. */
  readonly checkpoints?: Checkpoints | null;
  /** Takes each finding as soon as it is there. */
  readonly listen?: (event: RunEvent) => void;
}

/** One run: its models, its pictures, and what it has found. */
export interface Run extends Pick<RunOptions, "id" | "account" | "origin" | "store" | "waitUntil"> {
  readonly deployment: Deployment;
  /** Aborts when the deadline has passed, the caller has left, or the run has ended. */
  readonly signal: AbortSignal;
  /** Aborts when the caller no longer waits for the answer. */
  readonly caller: AbortSignal;
  readonly stages: StageRunner;
  readonly pictures: RunPictures;
  /** Does work at KV or R2, within the run's connections and for a limited time. */
  readonly atStore: StoreCall;
  /** Everything found so far, in order. */
  readonly events: readonly RunEvent[];
  readonly emit: Emit;
  /**
   * Everything found, for the answer. Calls that still run count as given up, and what is found later is dropped, so
   * that the answer has what a listener was told, and no more.
   */
  readonly finish: () => readonly RunEvent[];
  /**
   * Names of what the run stores and keeps (`src/storage/leftovers.ts`). Each is added before it is written, because
   * some are written behind the answer.
   */
  readonly left: Set<string>;
  /** The memory of the run. It is freed when the run, and what it does behind the answer, has ended. */
  readonly claim: Claim;
}

/** Milliseconds for which the platform runs work behind an answer (docs/reference/platform.md). */
const BEHIND_MS = 30_000;

/** Opens the claim of a request's memory. */
export function openClaim({ memory, deadlineMs }: Pick<Deployment, "memory" | "deadlineMs">): Claim {
  return memory.open(deadlineMs + BEHIND_MS);
}

/**
 * Does work in a new run. The run ends when the work settles, when `options.signal` aborts, or at its deadline. Then
 * calls that are still running upstream are canceled and the pictures that were stored for models are deleted. The
 * answer does not wait for that: it runs under `waitUntil`.
 *
 * @example const answer = await startRun(options, deployment, (run) => recognize(post, run));
 * @throws what the work throws
 */
export function startRun<T>(options: RunOptions, deployment: Deployment, work: (run: Run) => Promise<T>): Promise<T> {
  const {
    id,
    account,
    origin,
    store,
    deadlineMs,
    fallback = true,
    maximumCost = null,
    checkpoints = null,
    claim = openClaim(deployment),
  } = options;
  const { clock, timer } = deployment;
  const waitUntil = (behind: Promise<unknown>) => {
    claim.until(behind);
    options.waitUntil(behind);
  };
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, timer(Math.max(0, deadlineMs)), ended.signal]);
  const { deadline = clock() + deadlineMs } = options;
  const chains = fallback ? deployment.chains : firstOf(deployment.chains);
  const limit = createLimiter();
  const events: RunEvent[] = [...(checkpoints?.events ?? [])];
  let isFinished = false;
  const emit: Emit = (event) => {
    // What drawing an answer costs is still told to the log.
    if (isFinished && event.event !== "stage") return;
    const rounded = roundEvent(event);
    if (checkpoints?.addEvent(rounded) === false) return;
    events.push(rounded);
    options.listen?.(rounded);
  };
  const spent = (checkpoints?.ended ?? []).reduce((sum, call) => sum + call.spent, 0);
  const budget = new Budget(maximumCost, spent);
  const stages = new StageRunner({ ...deployment, chains, budget, id, limit, deadline, signal, emit, checkpoints });
  const atStore = createStoreCall(limit, deployment.storeMs, timer);
  const name = checkpoints ? id : null;
  const pictures = new RunPictures({ ...deployment, atStore, signal, deadline, name });
  const finish = () => {
    stages.giveUp();
    isFinished = true;
    return events;
  };
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
    atStore,
    events,
    emit,
    finish,
    left: checkpoints?.left ?? new Set(),
    claim,
  };
  const result = (async () => {
    try {
      return await work(run);
    } finally {
      finish();
      ended.abort();
      waitUntil(Promise.all([stages.close(), pictures.close()]));
      claim.end();
    }
  })();
  // Without this, workerd stops the work as soon as the caller hangs up, and nothing upstream is canceled.
  waitUntil(result.catch(() => undefined));
  return result;
}

/** Chains of the first model of each. */
function firstOf(chains: Chains): Chains {
  return Object.fromEntries(Object.entries(chains).map(([stage, models]) => [stage, models.slice(0, 1)])) as never;
}
