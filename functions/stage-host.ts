import { randomUUID } from "node:crypto";
import type { Prediction, PredictionRequest } from "../schemas/cog.ts";
import { STAGES } from "../schemas/stages/index.ts";
import { Queue } from "./queue.ts";
import type { FunctionStage, StageFunction } from "./stage-function.ts";
import { Webhook, type WebhookOptions } from "./webhook.ts";

/** Predictions that one stage runs at a time: a model uses every processor there is. */
const CONCURRENCY = 1;
const WAITING = 32;

/** What is run: anything that a stage function is, whatever its stage. */
export type AnyStageFunction = { [Name in FunctionStage]: StageFunction<Name> }[FunctionStage];

interface Running {
  readonly abort: AbortController;
  prediction: Prediction;
}

/** One stage as Cog serves a model: its set-up, its queue, and the predictions that have not ended. */
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

  /** The loaded stage takes over, or the error that loading ended with. */
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

  /** The prediction with this id as it stands, while it has not ended. */
  snapshot(id: string): Prediction | null {
    return this.#running.get(id)?.prediction ?? null;
  }

  /** False when no prediction with this id is waiting or running. */
  cancel(id: string): boolean {
    const running = this.#running.get(id);
    running?.abort.abort(new Error("canceled"));
    return running !== undefined;
  }

  /**
   * Take a prediction whose input is valid. `started` says that it has its place in the queue and rejects with
   * `QueueFull` otherwise; `finished` is the ended prediction and never rejects.
   */
  predict(
    request: PredictionRequest,
    input: unknown,
    hangUp?: AbortSignal,
  ): { id: string; finished: Promise<Prediction> } {
    const stage = this.stage;
    if (!stage) throw new Error(`${this.name} is not set up`);
    const id = request.id ?? randomUUID();
    const running: Running = { abort: new AbortController(), prediction: { id, status: "starting" } };
    const signal = hangUp ? AbortSignal.any([running.abort.signal, hangUp]) : running.abort.signal;
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
          // Only a full queue and an abort before its turn come here: `runStage` never throws.
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

/** Run and check what comes back: a stage that breaks its own contract has failed. */
async function runStage(stage: AnyStageFunction, input: unknown, signal: AbortSignal): Promise<Omit<Prediction, "id">> {
  const started = performance.now();
  const metrics = () => ({ predict_time: (performance.now() - started) / 1000 });
  try {
    // The input was parsed by this stage's own schema; TypeScript cannot see the pair across the union.
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
