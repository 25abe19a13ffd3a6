import { type Problem, ProblemError, problemDocument } from "../../schemas/problem.ts";
import type { StageRecord } from "../../schemas/recognize.ts";
import { STAGE_NAMES, type StageName } from "../../schemas/stages/index.ts";
import type { Limiter } from "../net/connections.ts";
import type { Outcomes } from "../observe/outcomes.ts";
import { type Chains, StageError, type StageInput, type StageModel, type StageOutput } from "../stages/stage-model.ts";

/** What calls to models share within one request. */
export interface StageTools {
  readonly chains: Chains;
  readonly outcomes: Outcomes;
  /** At most so many outgoing connections at a time. */
  readonly limit: Limiter;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
}

/** Calls the stages of one request, and remembers what was asked of whom and what went wrong. */
export class StageRunner {
  /** A problem for each stage of which no model answered. */
  readonly failures: Problem[] = [];
  /** What the caller should know of the calls although each was answered. */
  readonly notes: Problem[] = [];
  readonly signal: AbortSignal;
  readonly #tools: StageTools;
  readonly #records = new Map<StageName, StageRecord>();

  constructor(tools: StageTools, signal: AbortSignal) {
    this.#tools = tools;
    this.signal = signal;
  }

  /** One record for each stage that was asked or found in a cache, in the order of the pipeline. */
  get records(): StageRecord[] {
    return STAGE_NAMES.flatMap((stage) => this.#records.get(stage) ?? []);
  }

  /** The answer of the first model of the chain that gives one, or null, with an entry in `failures`, when none does. */
  async run<Name extends StageName>(stage: Name, input: StageInput<Name>): Promise<StageOutput<Name> | null> {
    const { output, failure } = await this.#ask(stage, input);
    if (output === null) this.failures.push(problemDocument("stage_failed", failure, { stage }));
    return output;
  }

  /** Like `run`, for a call that only saves time later: its failure is nobody's problem. */
  async prepare<Name extends StageName>(stage: Name, input: StageInput<Name>): Promise<void> {
    await this.#ask(stage, input);
  }

  /** Note that a stage was answered without asking: `model` and `version` are of the model that once said so. */
  answeredFromCache(stage: StageName, { model, version, ms }: Pick<StageRecord, "model" | "version" | "ms">): void {
    const provider = this.#tools.chains[stage][0]?.provider ?? "";
    this.#records.set(stage, { stage, model, version, provider, attempts: 0, cached: true, ms, cost_usd: null });
  }

  async #ask<Name extends StageName>(stage: Name, input: StageInput<Name>) {
    const failures: string[] = [];
    const chain: readonly StageModel<Name>[] = this.#tools.chains[stage];
    for (const model of chain) {
      if (failures.length > 0 && this.signal.aborted) break;
      const answer = await this.#tools.limit(() => this.#call(stage, model, input));
      if (!(answer instanceof StageError)) return { output: answer, failure: "" };
      if (answer.code === "invalid_picture" || answer.code === "picture_too_many_pixels") {
        const errors = [{ pointer: "/image", detail: "could not be decoded" }];
        throw new ProblemError(answer.code, `${model.entry} ${answer.detail}.`, { stage, errors });
      }
      failures.push(`${model.entry} ${answer.detail}`);
    }
    return { output: null, failure: `${failures.join("; ") || "no model is configured"}.` };
  }

  async #call<Name extends StageName>(
    stage: Name,
    model: StageModel<Name>,
    input: StageInput<Name>,
  ): Promise<StageOutput<Name> | StageError> {
    const started = this.#tools.clock();
    const answer = await model.run(input, this.signal).catch((error: unknown) => {
      if (error instanceof StageError) return error;
      throw error;
    });
    const failed = answer instanceof StageError;
    const ms = this.#tools.clock() - started;
    const before = this.#records.get(stage);
    this.#records.set(stage, {
      stage,
      model: failed ? (before?.model ?? model.entry) : answer.model,
      version: failed ? (before?.version ?? null) : answer.version,
      provider: model.provider,
      attempts: (before?.attempts ?? 0) + 1,
      cached: false,
      ms: (before?.ms ?? 0) + ms,
      cost_usd: null,
    });
    // A call that we gave up says nothing about the model.
    if (!failed || answer.code !== "canceled") {
      const at = new Date(started).toISOString();
      this.#tools.outcomes.record(stage, { model: model.entry, ok: !failed, code: failed ? answer.code : null, ms, at });
    }
    return answer;
  }
}
