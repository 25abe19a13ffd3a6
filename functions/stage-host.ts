import { randomUUID } from "node:crypto";
import type { Prediction, PredictionRequest } from "../schemas/cog.ts";
import { STAGES } from "../schemas/stages/index.ts";
import { Queue } from "./queue.ts";
import type { FunctionStage, StageFunction } from "./stage-function.ts";
import { Webhook, type WebhookOptions } from "./webhook.ts";

/** Predictions that one stage runs at a time. One model already uses every processor. */
const CONCURRENCY = 1;
/** Predictions that may wait for one stage. */
const WAITING = 32;

/** The function of any stage. */
export type AnyStageFunction = { [Name in FunctionStage]: StageFunction<Name> }[FunctionStage];

interface Running {
  readonly abort: AbortController;
  prediction: Prediction;
}

/** One stage as Cog serves a model: its set-up, its queue, and its unfinished predictions. */
export class StageHost {
  readonly name: FunctionStage;
  readonly #running = new Map<string, Running>();
  readonly #queue: Queue;
  readonly #webhook: WebhookOptions;
  #stage: AnyStageFunction | Error | null = null;

  constructor(name: FunctionStage, webhook: WebhookOptions, queue = new Queue(CONCURRENCY, WAITING)) {
    this.name = name;
    this.#webhook = webhook;
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
   * canceled, and rejects with `QueueFull` when the queue is full.
   *
   * @param disconnected aborts when the caller of a synchronous prediction disconnects, which cancels it
   */
  predict(
    request: PredictionRequest,
    input: unknown,
    disconnected?: AbortSignal,
  ): { id: string; finished: Promise<Prediction> } {
    const stage = this.stage;
    if (!stage) throw new Error(`${this.name} is not set up`);
    const id = request.id ?? randomUUID();
    const running: Running = { abort: new AbortController(), prediction: { id, status: "starting" } };
    const signal = disconnected ? AbortSignal.any([running.abort.signal, disconnected]) : running.abort.signal;
    const webhook = new Webhook(request, this.#webhook);
    this.#running.set(id, running);
    const finished = this.#queue
      .run(async () => {
        running.prediction = { id, status: "processing" };
        void webhook.send("start", running.prediction);
        return runStage(stage, input, signal);
      }, signal)
      .then(
        (ended): Prediction => ({ id, logs: "", ...ended }),
        (error: Error): Prediction => {
          // A full queue, or an abort while waiting: `runStage` itself never throws.
          if (!signal.aborted) throw error;
          return { id, status: "canceled", logs: "" };
        },
      )
      .finally(() => this.#running.delete(id));
    finished.then(
      async (prediction) => {
        if (prediction.status === "succeeded") await webhook.send("output", prediction);
        await webhook.send("completed", prediction);
      },
      () => undefined,
    );
    return { id, finished };
  }
}

/** Run a stage and check its output: an output that breaks the contract fails the prediction. */
async function runStage(stage: AnyStageFunction, input: unknown, signal: AbortSignal): Promise<Omit<Prediction, "id">> {
  const started = performance.now();
  const metrics = () => ({ predict_time: (performance.now() - started) / 1000 });
  try {
    // The input was parsed by this stage's own schema, which TypeScript cannot see across the union of stages.
    const run = stage.run as (input: unknown, context: { signal: AbortSignal }) => Promise<unknown>;
    const output = STAGES[stage.name].output.parse(await run.call(stage, input, { signal }));
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
