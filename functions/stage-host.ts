import { randomUUID } from "node:crypto";
import type { Prediction, PredictionRequest } from "../schemas/cog.ts";
import { LIMITS } from "../schemas/limits.ts";
import { STAGES } from "../schemas/stages/index.ts";
import type { Admission, PostWork } from "./admission.ts";
import { Queue } from "./queue.ts";
import type { FunctionStage, RunContext, StageFunction } from "./stage-function.ts";
import type { Webhooks } from "./webhook.ts";

/** `Retry-After` while the weights load, in seconds: it takes one to five. */
export const LOADING_S = 3;

/** The function of any stage. */
export type AnyStageFunction = { [Name in FunctionStage]: StageFunction<Name> }[FunctionStage];

interface Running {
  readonly abort: AbortController;
  prediction: Prediction;
}

/**
 * One stage as Cog serves a model: its set-up, its queue, and its unfinished predictions. One prediction runs at a
 * time, because one model already uses every processor.
 */
export class StageHost {
  readonly name: FunctionStage;
  readonly #running = new Map<string, Running>();
  readonly #queue: Queue;
  readonly #admission: Admission;
  readonly #webhooks: Webhooks;
  #stage: AnyStageFunction | Error | null = null;

  constructor(name: FunctionStage, admission: Admission, webhooks: Webhooks, queue = new Queue()) {
    this.name = name;
    this.#admission = admission;
    this.#webhooks = webhooks;
    this.#queue = queue;
  }

  /** Set the loaded stage, or the error that loading ended with. */
  ready(stage: AnyStageFunction | Error): void {
    this.#stage = stage;
  }

  get stage(): AnyStageFunction | null {
    return this.#stage instanceof Error ? null : this.#stage;
  }

  get status(): "STARTING" | "READY" | "BUSY" | "SETUP_FAILED" {
    if (this.#stage === null) return "STARTING";
    if (this.#stage instanceof Error) return "SETUP_FAILED";
    return this.#queue.busy ? "BUSY" : "READY";
  }

  get setupError(): string | null {
    return this.#stage instanceof Error ? this.#stage.message : null;
  }

  /** Whether events may be delivered to a webhook. */
  accepts(webhook: string | undefined): boolean {
    return webhook === undefined || this.#webhooks.accepts(webhook);
  }

  /** The unfinished prediction with this id; null when there is none. */
  snapshot(id: string): Prediction | null {
    return this.#running.get(id)?.prediction ?? null;
  }

  /** Cancel a waiting or running prediction. Returns false when there is none with this id. */
  cancel(id: string): boolean {
    const running = this.#running.get(id);
    running?.abort.abort(new Error("canceled"));
    return running !== undefined;
  }

  /**
   * Queue a prediction whose input is valid. `finished` resolves to the ended prediction, also when it failed or was
   * canceled.
   *
   * @param post the admitted post to which the prediction belongs; null when it is a post of its own
   * @param disconnected aborts when the caller of a synchronous prediction disconnects, which cancels it
   * @throws Refused when there is no room for it
   */
  predict(
    request: PredictionRequest,
    input: unknown,
    post: string | null,
    disconnected?: AbortSignal,
  ): { id: string; finished: Promise<Prediction> } {
    const stage = this.stage;
    if (!stage) throw new Error(`${this.name} is not set up`);
    const work = this.#admit(post);
    const id = request.id ?? randomUUID();
    const abort = new AbortController();
    const { signal } = abort;
    const leave = () => abort.abort(disconnected?.reason);
    if (disconnected?.aborted) leave();
    else disconnected?.addEventListener("abort", leave, { once: true });
    const running: Running = { abort, prediction: { id, status: "starting" } };
    const deliver = this.#webhooks.of(request);
    this.#running.set(id, running);
    const finished = this.#queue
      .run(
        async (turn) => {
          work.start();
          running.prediction = { id, status: "processing" };
          void deliver("start", running.prediction);
          const away = <T>(wait: () => Promise<T>) => turn.away(() => work.without(wait));
          return runStage(stage, input, { ...turn, away, signal });
        },
        work.place,
        signal,
      )
      .then(
        (ended): Prediction => ({ id, logs: "", ...ended }),
        // Only an abort while it waits: `runStage` itself never throws.
        (): Prediction => ({ id, status: "canceled", logs: "" }),
      )
      .finally(() => {
        disconnected?.removeEventListener("abort", leave);
        // A later prediction of the same id may be in its place.
        if (this.#running.get(id) === running) this.#running.delete(id);
        work.end(signal.aborted);
      });
    void finished.then(async (prediction) => {
      if (prediction.status === "succeeded") await deliver("output", prediction);
      await deliver("completed", prediction);
    });
    return { id, finished };
  }

  #admit(post: string | null): PostWork {
    const picture = STAGES[this.name].picture === "required";
    if (post !== null) return this.#admission.work(post, picture);
    return this.#admission.single({ picture, deadline_ms: LIMITS.deadlineMs });
  }
}

/** Run a stage and check its output: an output that breaks the contract fails the prediction. */
async function runStage(stage: AnyStageFunction, input: unknown, context: RunContext): Promise<Omit<Prediction, "id">> {
  const { signal } = context;
  const started = performance.now();
  const metrics = () => ({ predict_time: (performance.now() - started) / 1000 });
  try {
    // The input was parsed by this stage's own schema, which TypeScript cannot see across the union of stages.
    const run = stage.run as (input: unknown, context: RunContext) => Promise<unknown>;
    const output = STAGES[stage.name].output.parse(await run.call(stage, input, context));
    if (signal.aborted) return { status: "canceled", metrics: metrics() };
    return { status: "succeeded", output, metrics: metrics() };
  } catch (error) {
    if (signal.aborted) return { status: "canceled", metrics: metrics() };
    return {
      status: "failed",
      output: null,
      error: error instanceof Error ? error.message : String(error),
      metrics: metrics(),
    };
  }
}
