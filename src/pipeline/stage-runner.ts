import type { Labels } from "../../schemas/labels.ts";
import { type ProblemError, problemDocument } from "../../schemas/problem.ts";
import type { StageRecord } from "../../schemas/recognize.ts";
import { STAGE_NAMES, STAGES, type StageName } from "../../schemas/stages/index.ts";
import { type Chains, StageError, type StageInput, type StageModel, type StageOutput } from "../stages/model.ts";
import type { PictureRef } from "../stages/picture-ref.ts";
import { admitPost } from "./admissions.ts";
import { ModelCalls, type ModelCallsOptions, type Turn } from "./model-calls.ts";
import { isPictureCode, type PictureCode } from "./picture/blame.ts";
import { recall, recallFailures } from "./recall.ts";
import { idsIn, joinInputs, joinOutputs, splitInput } from "./split.ts";
import { failureOf, fieldsOf, problemOf, type StageFailure } from "./stage-failure.ts";
import { stageTime } from "./stage-time.ts";

export interface StageRunnerOptions extends Omit<ModelCallsOptions, "pictureFault"> {
  readonly chains: Chains;
  /** Ends every call when it aborts. */
  readonly signal: AbortSignal;
}

/** A stage's input without the picture. */
export type Question<Name extends StageName> = Omit<StageInput<Name>, "image" | "size">;

/** Takes the answer of one model for one part of a question. */
export type OnPart<Name extends StageName> = (output: StageOutput<Name>) => void;

/** What became of a question. */
interface Asked<Name extends StageName> {
  readonly output: StageOutput<Name> | null;
  /** Why parts have no answer; null when none is missing. */
  readonly failure: StageFailure | null;
  /** The ids of the entities or boxes in those parts. */
  readonly unanswered: readonly string[];
}

/** The stage after which an entity is finished. */
const LAST_STAGE = STAGE_NAMES.at(-1);

/**
 * Runs the stages of one run: asks the models of a stage's chain left to right, with retries, and emits a `stage` event
 * for each call and a `problem` event for each stage that was not answered in full.
 */
export class StageRunner {
  readonly #options: StageRunnerOptions;
  readonly #calls: ModelCalls;
  /** Why each stage that gave only part of its answer, or none, failed. */
  readonly #failures = new Map<StageName, StageFailure>();
  /** Why there is no answer about an entity or a box, by stage and id. */
  readonly #missing = new Map<string, "stage_failed" | "over_budget">();
  /** Aborts when the answer is made without the calls that run. */
  #answered = new AbortController();
  /** The stages that the run may need. */
  #planned: ReadonlySet<StageName> = new Set();
  /** The failures that the answer has a problem for. */
  readonly #reported = new Set<string>();
  readonly #fellBack = new Set<StageName>();

  constructor(options: StageRunnerOptions) {
    this.#options = options;
    const pictureFault = (stage: StageName, code: PictureCode, detail: string) => this.#report(stage, { code, detail });
    this.#calls = new ModelCalls({ ...options, pictureFault });
  }

  /** The models of a stage, tried left to right. */
  chain<Name extends StageName>(stage: Name): readonly StageModel<Name>[] {
    return this.#options.chains[stage];
  }

  /** Whether a stage has any model. */
  has(stage: StageName): boolean {
    return this.chain(stage).length > 0;
  }

  /** Maximum entities or boxes in a call of the stage's first model; `Infinity` without a limit, or without a model. */
  batch(stage: StageName): number {
    return this.chain(stage)[0]?.batch ?? Number.POSITIVE_INFINITY;
  }

  /** Whether a stage failed for all or part of its input. */
  failed(stage: StageName): boolean {
    return this.#failures.has(stage);
  }

  /** Why a stage has no answer about an entity or a box; null when the stage did not fail about it. */
  missing(stage: StageName, id: string): "stage_failed" | "over_budget" | null {
    return this.#missing.get(`${stage} ${id}`) ?? null;
  }

  /** Whether a model other than the chain's first gave part of a stage's answer. */
  fellBack(stage: StageName): boolean {
    return this.#fellBack.has(stage);
  }

  /**
   * The problem that ends a request which needs this stage's answer: `overloaded`, `deadline_exceeded`, `stage_failed`,
   * or that no model can decode the picture.
   */
  failure(stage: StageName): ProblemError {
    const late = this.#options.signal.aborted;
    const { noun } = STAGES[stage];
    const unanswered = late ? `The deadline passed before ${noun} had answered.` : `No model answered for ${noun}.`;
    return problemOf(stage, this.#failures.get(stage) ?? { code: "stage_failed", detail: unanswered }, late);
  }

  /**
   * Asks the hosts of these stages' first models for room, before any work. Throws the problem `overloaded` when a
   * stage has no other model. From then on, each stage leaves time to those of them that come after it.
   *
   * @param stages that the run may need
   * @param picture whether the models will see a picture
   */
  admit(stages: readonly StageName[], picture: boolean): Promise<void> {
    this.#planned = new Set(stages);
    const chains = stages.map((stage) => this.chain(stage));
    return admitPost(chains, picture, this.#calls.admissions, this.#options.signal);
  }

  /**
   * Resolves when no call is running any more and the hosts know that the post has ended. An abandoned call may still
   * be canceling its work upstream.
   */
  close(): Promise<void> {
    return this.#calls.close();
  }

  /** Records the calls that have no answer yet as given up, so that an answer names each model that was called. */
  giveUp(): void {
    this.#calls.giveUp();
    // What drawing the answer asks for comes after it.
    const given = this.#answered;
    this.#answered = new AbortController();
    given.abort();
  }

  /**
   * A stage's answer. The first model of the chain gets the whole question, each later one the parts that the models
   * before it did not answer. Emits a problem when parts remain: `stage_failed`, or once in a run that the picture
   * cannot be decoded. Null when no model answered any part.
   *
   * @param onPart called with the answer for each part as soon as a model gave it, in the order of arrival
   */
  async run<Name extends StageName>(
    stage: Name,
    question: Question<Name>,
    picture: PictureRef | null = null,
    onPart?: OnPart<Name>,
  ): Promise<StageOutput<Name> | null> {
    return this.#run(stage, question, picture, this.#chainFor(stage, question), onPart);
  }

  async #run<Name extends StageName>(
    stage: Name,
    question: Question<Name>,
    picture: PictureRef | null,
    chain: readonly StageModel<Name>[],
    onPart?: OnPart<Name>,
  ): Promise<StageOutput<Name> | null> {
    const end = this.#stageEnd(stage);
    const { output, failure } = await this.#options.trace(stage, { stage }, async (mark) => {
      const asked = await this.#ask(stage, question, picture, chain, end, onPart);
      for (const id of asked.unanswered) {
        this.#missing.set(`${stage} ${id}`, asked.failure?.code === "over_budget" ? "over_budget" : "stage_failed");
      }
      mark({ answered: asked.output !== null, complete: asked.failure === null });
      return asked;
    });
    if (failure !== null) {
      this.#failures.set(stage, failure);
      this.#report(stage, failure);
    }
    return output;
  }

  #report(stage: StageName, failure: StageFailure): void {
    const { code, detail } = failure;
    // A stage that is asked several times fails for the same reason each time: once is enough to say so.
    const said = isPictureCode(code) ? "picture" : `${stage} ${code === "over_budget" ? code : detail}`;
    if (this.#reported.has(said)) return;
    this.#reported.add(said);
    this.#options.emit({ event: "problem", problem: problemDocument(code, detail, fieldsOf(stage, failure)) });
  }

  #reportSkipped(stage: StageName, entry: string, { detail }: StageError): void {
    const said = `${stage} ${entry} skipped`;
    if (this.#reported.has(said)) return;
    this.#reported.add(said);
    const problem = problemDocument("model_skipped", `${entry} ${detail}.`, { stage });
    this.#options.emit({ event: "problem", problem });
  }

  /**
   * Like `run`, for a request that cannot be answered without the stage. Throws a `ProblemError` when no model answered
   * any part.
   */
  async require<Name extends StageName>(
    stage: Name,
    question: Question<Name>,
    picture: PictureRef | null = null,
    onPart?: OnPart<Name>,
  ): Promise<StageOutput<Name>> {
    const output = await this.run(stage, question, picture, onPart);
    if (output === null) throw this.failure(stage);
    return output;
  }

  /** Like `run`, but asks only the models behind the chain's first: for what that one was not sure of. */
  async reconsider<Name extends StageName>(
    stage: Name,
    question: Question<Name>,
    picture: PictureRef | null = null,
  ): Promise<StageOutput<Name> | null> {
    const later = this.#chainFor(stage, question).filter((model) => model !== this.chain(stage)[0]);
    return later.length === 0 ? null : this.#run(stage, question, picture, later);
  }

  /**
   * Like `run`, for a call that only makes a later one faster. Calls the first model of the chain, if it `warms`. A
   * failure is no problem of the answer.
   */
  async prepare<Name extends StageName>(stage: Name, question: Question<Name>, picture: PictureRef): Promise<void> {
    const [first] = this.#chainFor(stage, question);
    const { clock } = this.#options;
    // The call that it makes faster waits for it, and needs time as well.
    const end = clock() + Math.floor((this.#stageEnd(stage) - clock()) / 2);
    if (first?.warms) await this.#ask(stage, question, picture, [first], end);
  }

  /**
   * Records that a stage was answered from a cache. `model` and `version` name the model that wrote the cached answer.
   */
  answeredFromCache(stage: StageName, { model, version, ms }: Pick<StageRecord, "model" | "version" | "ms">): void {
    const [first] = this.chain(stage);
    if (!first) return;
    const record = { stage, model, version, provider: first.provider, attempts: 0, cached: true, ms, cost_usd: "0" };
    this.#options.emit({ event: "stage", entry: "cache", record });
  }

  async #ask<Name extends StageName>(
    stage: Name,
    question: Question<Name>,
    picture: PictureRef | null,
    chain: readonly StageModel<Name>[],
    end: number,
    onPart?: OnPart<Name>,
  ): Promise<Asked<Name>> {
    const signal = AbortSignal.any([this.#options.signal, this.#answered.signal]);
    const failures = new Map<string, StageError>();
    const entries = new Set(chain.map(({ entry }) => entry));
    const ended = this.#options.checkpoints?.ended ?? [];
    const recalled = recall(stage, question as Partial<StageInput<Name>>, entries, ended);
    const outputs: StageOutput<Name>[] = [...recalled.outputs];
    for (const output of recalled.outputs) onPart?.(output);
    let open = recalled.remaining ? [recalled.remaining] : [];
    for (const [index, model] of chain.entries()) {
      // Joined first: a model that takes many entities in one call must not be called, and charged, for each part.
      const remaining = joinInputs(stage, open);
      if (!remaining || (failures.size > 0 && signal.aborted)) break;
      // What this model has failed at for good in an earlier process goes to the next one.
      const known = recallFailures(stage, remaining, model.entry, ended);
      const failedBefore = known.failed.map(({ part }) => part);
      for (const { error } of known.failed) failures.set(`${model.entry} ${error.detail}`, error);
      open = failedBefore;
      if (!known.remaining) continue;
      const parts = splitInput(stage, known.remaining, model.batch);
      const turn = this.#turnBefore(chain.length - 1 - index, end, signal);
      const answers = await Promise.all(
        parts.map(async (part, number) => {
          const place = stage === LAST_STAGE ? "finishing" : number;
          const answer = await this.#calls.ask(stage, model, part, picture, { ...turn, place });
          if (!(answer instanceof StageError)) onPart?.(answer);
          return answer;
        }),
      );
      const failed = parts.filter((_, part) => answers[part] instanceof StageError);
      open = [...failedBefore, ...failed];
      for (const answer of answers) {
        if (answer instanceof StageError) failures.set(`${model.entry} ${answer.detail}`, answer);
        else outputs.push(answer);
      }
      const skipped = answers.find((answer) => answer instanceof StageError && answer.code === "skipped");
      if (skipped instanceof StageError && index < chain.length - 1) this.#reportSkipped(stage, model.entry, skipped);
      if (failed.length < parts.length && model !== this.chain(stage)[0]) this.#fellBack.add(stage);
    }
    const output = joinOutputs(stage, outputs);
    if (open.length === 0) return { output, failure: null, unanswered: [] };
    return { output, failure: failureOf(failures), unanswered: open.flatMap((part) => idsIn(stage, part)) };
  }

  /** Unix time in milliseconds at which a stage that begins now has to end. */
  #stageEnd(stage: StageName): number {
    const { clock, deadline } = this.#options;
    return clock() + stageTime(stage, this.#planned, deadline - clock());
  }

  /** Each model in a chain gets an equal share of the time until the stage's end; the last gets all of it. */
  #turnBefore(laterModels: number, end: number, signal: AbortSignal): Omit<Turn, "place"> {
    const { clock, deadline, timer } = this.#options;
    const isLast = laterModels === 0;
    if (isLast && end >= deadline) return { signal, until: deadline, isLast };
    const share = Math.max(0, Math.floor((end - clock()) / (laterModels + 1)));
    return { signal: AbortSignal.any([signal, timer(share)]), until: clock() + share, isLast };
  }

  /** The models of a chain that can answer the question: those that know its label set, if it has one. */
  #chainFor<Name extends StageName>(stage: Name, question: Question<Name>): readonly StageModel<Name>[] {
    const labels = (question as { labels?: Labels }).labels;
    return labels === undefined
      ? this.chain(stage)
      : this.chain(stage).filter(({ covers }) => covers?.(labels) ?? true);
  }
}
