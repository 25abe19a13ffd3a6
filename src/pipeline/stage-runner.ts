import type { Labels } from "../../schemas/labels.ts";
import { type ProblemError, problemDocument } from "../../schemas/problem.ts";
import type { StageRecord } from "../../schemas/recognize.ts";
import { STAGES, type StageName } from "../../schemas/stages/index.ts";
import type { Limiter } from "../net/connections.ts";
import type { Outcomes } from "../observe/outcomes.ts";
import { waitBefore } from "../resilience/retry.ts";
import type { Runtime } from "../runtime.ts";
import {
  type AttemptChanges,
  type AttemptOptions,
  type Chains,
  type ModelInput,
  StageError,
  type StageInput,
  type StageModel,
  type StageOutput,
} from "../stages/model.ts";
import type { PictureRef } from "../stages/picture-ref.ts";
import { Admissions, admitPost } from "./admissions.ts";
import type { Emit } from "./events.ts";
import { blamesPicture, isPictureCode } from "./picture/blame.ts";
import { joinInputs, joinOutputs, splitInput } from "./split.ts";
import { failureOf, fieldsOf, problemOf, type StageFailure } from "./stage-failure.ts";

export interface StageRunnerOptions extends Pick<Runtime, "clock" | "sleep" | "chance"> {
  /** The run's id, which names its post to the hosts of models. */
  readonly id: string;
  readonly chains: Chains;
  readonly outcomes: Outcomes;
  /** Limits how many connections the run has open at a time. */
  readonly limit: Limiter;
  /** Ends every call when it aborts. */
  readonly signal: AbortSignal;
  /** Unix time in milliseconds at which the run ends. */
  readonly deadline: number;
  readonly emit: Emit;
  /** A signal that aborts with a `TimeoutError` after so many milliseconds. */
  readonly timer?: (milliseconds: number) => AbortSignal;
}

/** The time that one model of a chain has. */
interface Turn {
  readonly signal: AbortSignal;
  /** Unix time in milliseconds. */
  readonly until: number;
  /** Whether no other model can be asked after it. */
  readonly isLast: boolean;
}

/** One call of a model. */
interface Call {
  /** Milliseconds on the run's clock. */
  readonly started: number;
  readonly ended: number;
  /** Whether it only prepared the picture. */
  readonly isWarming: boolean;
  /** Whether its outcome says something about the model, and not about a caller's picture. */
  readonly isModels: boolean;
}

/** The calls of one model so far. */
interface Calls {
  readonly record: StageRecord;
  /** Unix time in milliseconds at which the first attempt began; infinite when there was none. */
  readonly first: number;
  /** Unix time in milliseconds at which the last attempt to end ended; negatively infinite when there was none. */
  readonly last: number;
}

/** A stage's input without the picture. */
export type Question<Name extends StageName> = Omit<StageInput<Name>, "image" | "size">;

/**
 * Maximum tries of one model while its errors ask for a changed request: simpler chat dialects, one repair of a reply.
 */
const CHANGED_TRIES = 8;

/**
 * Runs the stages of one run: asks the models of a stage's chain left to right, with retries, and emits a `stage` event
 * for each call and a `problem` event for each stage that was not answered in full.
 */
export class StageRunner {
  readonly #options: StageRunnerOptions;
  readonly #admissions: Admissions;
  /** By stage and entry. */
  readonly #calls = new Map<string, Calls>();
  /** Why each stage that gave only part of its answer, or none, failed. */
  readonly #failures = new Map<StageName, StageFailure>();
  #pictureReported = false;
  readonly #running = new Set<Promise<unknown>>();
  readonly #fellBack = new Set<StageName>();

  constructor(options: StageRunnerOptions) {
    this.#options = options;
    this.#admissions = new Admissions(options);
  }

  /** The models of a stage, tried left to right. */
  chain<Name extends StageName>(stage: Name): readonly StageModel<Name>[] {
    return this.#options.chains[stage];
  }

  /** Whether a stage has any model. */
  has(stage: StageName): boolean {
    return this.chain(stage).length > 0;
  }

  /** Whether a stage failed for all or part of its input. */
  failed(stage: StageName): boolean {
    return this.#failures.has(stage);
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
   * stage has no other model.
   *
   * @param picture whether the models will see a picture
   */
  admit(stages: readonly StageName[], picture: boolean): Promise<void> {
    const chains = stages.map((stage) => this.chain(stage));
    return admitPost(chains, picture, this.#admissions, this.#options.signal);
  }

  /**
   * Resolves when no call is running any more and the hosts know that the post has ended. An abandoned call may still
   * be canceling its work upstream.
   */
  async close(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    await this.#admissions.close();
  }

  /**
   * A stage's answer. The first model of the chain gets the whole question, each later one the parts that the models
   * before it did not answer. Emits a problem when parts remain: `stage_failed`, or once in a run that the picture
   * cannot be decoded. Null when no model answered any part.
   */
  async run<Name extends StageName>(
    stage: Name,
    question: Question<Name>,
    picture: PictureRef | null = null,
  ): Promise<StageOutput<Name> | null> {
    const { output, failure } = await this.#ask(stage, question, picture);
    if (failure !== null) {
      this.#failures.set(stage, failure);
      this.#report(stage, failure);
    }
    return output;
  }

  #report(stage: StageName, { code, detail }: StageFailure): void {
    if (code !== "stage_failed") {
      if (this.#pictureReported) return;
      this.#pictureReported = true;
    }
    this.#options.emit({ event: "problem", problem: problemDocument(code, detail, fieldsOf(stage, code)) });
  }

  /**
   * Like `run`, for a request that cannot be answered without the stage. Throws a `ProblemError` when no model answered
   * any part.
   */
  async require<Name extends StageName>(
    stage: Name,
    question: Question<Name>,
    picture: PictureRef | null = null,
  ): Promise<StageOutput<Name>> {
    const output = await this.run(stage, question, picture);
    if (output === null) throw this.failure(stage);
    return output;
  }

  /**
   * Like `run`, for a call that only makes a later one faster. Calls the first model of the chain, if it `warms`. A
   * failure is no problem of the answer.
   */
  async prepare<Name extends StageName>(stage: Name, question: Question<Name>, picture: PictureRef): Promise<void> {
    const [first] = this.#chainFor(stage, question);
    if (first?.warms) await this.#ask(stage, question, picture, [first]);
  }

  /**
   * Records that a stage was answered from a cache. `model` and `version` name the model that wrote the cached answer.
   */
  answeredFromCache(stage: StageName, { model, version, ms }: Pick<StageRecord, "model" | "version" | "ms">): void {
    const [first] = this.chain(stage);
    if (!first) return;
    const record = { stage, model, version, provider: first.provider, attempts: 0, cached: true, ms, cost_usd: null };
    this.#options.emit({ event: "stage", entry: "cache", record });
  }

  #follow(work: Promise<unknown>): void {
    this.#running.add(work);
    const done = () => this.#running.delete(work);
    work.then(done, done);
  }

  async #ask<Name extends StageName>(
    stage: Name,
    question: Question<Name>,
    picture: PictureRef | null,
    chain: readonly StageModel<Name>[] = this.#chainFor(stage, question),
  ): Promise<{ output: StageOutput<Name> | null; failure: StageFailure | null }> {
    const failures = new Map<string, StageError>();
    const outputs: StageOutput<Name>[] = [];
    let open = [question as Partial<StageInput<Name>>];
    for (const [index, model] of chain.entries()) {
      // Joined first: a model that takes many entities in one call must not be called, and charged, for each part.
      const remaining = joinInputs(stage, open);
      if (!remaining || (failures.size > 0 && this.#options.signal.aborted)) break;
      const parts = splitInput(stage, remaining, model.batch);
      const turn = this.#turnBefore(chain.length - 1 - index);
      const answers = await Promise.all(parts.map((part) => this.#try(stage, model, part, picture, turn)));
      open = parts.filter((_, part) => answers[part] instanceof StageError);
      for (const answer of answers) {
        if (answer instanceof StageError) failures.set(`${model.entry} ${answer.detail}`, answer);
        else outputs.push(answer);
      }
      if (open.length < parts.length && model !== this.chain(stage)[0]) this.#fellBack.add(stage);
    }
    const output = joinOutputs(stage, outputs);
    if (open.length === 0) return { output, failure: null };
    return { output, failure: failureOf(failures) };
  }

  /** Each model in a chain gets an equal share of the remaining time; the last gets all of it. */
  #turnBefore(laterModels: number): Turn {
    const { clock, deadline, signal, timer = (milliseconds) => AbortSignal.timeout(milliseconds) } = this.#options;
    if (laterModels === 0) return { signal, until: deadline, isLast: true };
    const share = Math.max(0, Math.floor((deadline - clock()) / (laterModels + 1)));
    return { signal: AbortSignal.any([signal, timer(share)]), until: clock() + share, isLast: false };
  }

  /** The models of a chain that can answer the question: those that know its label set, if it has one. */
  #chainFor<Name extends StageName>(stage: Name, question: Question<Name>): readonly StageModel<Name>[] {
    const labels = (question as { labels?: Labels }).labels;
    return labels === undefined
      ? this.chain(stage)
      : this.chain(stage).filter(({ covers }) => covers?.(labels) ?? true);
  }

  /** Calls one model for one part, with retries as long as they make sense and there is time. */
  async #try<Name extends StageName>(
    stage: Name,
    model: StageModel<Name>,
    part: Partial<StageInput<Name>>,
    picture: PictureRef | null,
    turn: Turn,
  ): Promise<StageOutput<Name> | StageError> {
    const { limit, clock, sleep, chance } = this.#options;
    const { signal, until, isLast } = turn;
    let changes: AttemptChanges = {};
    const reference = model.takesLinks ? picture : (picture?.withoutLinks() ?? null);
    // Before taking a connection: storing the picture for its link takes one, and waiting for the picture takes time.
    const inlined = reference !== null && (await reference.link()) === null && !model.uploadsPicture ? reference : null;
    const input = { ...part, picture: inlined?.whileHeld() ?? reference } as ModelInput<Name>;
    const call = () => limit(() => this.#call(stage, model, input, turn, changes));
    for (let tries = 1; ; tries++) {
      const answer = await (inlined ? inlined.exclusively(call) : call());
      if (!(answer instanceof StageError)) return answer;
      // A changed request is sent at once.
      const wait = answer.changes && tries < CHANGED_TRIES ? 0 : waitBefore(tries, answer, chance(), isLast);
      if (reference && wait === null && blamesPicture(answer) && model.usesPicture && !signal.aborted) {
        // The text can be read without it.
        if (isPictureCode(answer.code)) {
          this.#report(stage, { code: answer.code, detail: `${model.entry} ${answer.detail}.` });
        }
        return this.#try(stage, model, part, null, turn);
      }
      if (wait === null || clock() + wait >= until || signal.aborted) return answer;
      const slept = await sleep(wait, signal).then(
        () => true,
        () => false,
      );
      if (!slept) return answer;
      changes = { ...changes, ...answer.changes };
    }
  }

  async #call<Name extends StageName>(
    stage: Name,
    model: StageModel<Name>,
    input: ModelInput<Name>,
    { signal, until }: Turn,
    changes: AttemptChanges,
  ): Promise<StageOutput<Name> | StageError> {
    const started = this.#options.clock();
    const later = (work: Promise<unknown>) => this.#follow(work);
    const running = this.#admitted(model, input, signal).then((post) =>
      model.run(input, { signal, deadline: until, later, changes, ...post }),
    );
    this.#follow(running);
    const end = this.#options.outcomes.begin(stage, started);
    running.then(end, end);
    const answer = await running.catch((error: unknown) => {
      if (error instanceof StageError) return error;
      throw error;
    });
    const isWarming = (input as { readonly warm?: boolean }).warm === true;
    const isModels = !(input.picture && answer instanceof StageError && blamesPicture(answer));
    this.#record(stage, model, answer, { started, ended: this.#options.clock(), isWarming, isModels });
    return answer;
  }

  /** The id by which the model's host has admitted the post; nothing where the host does not admit posts. */
  async #admitted<Name extends StageName>(
    { host }: StageModel<Name>,
    { picture }: ModelInput<Name>,
    signal: AbortSignal,
  ): Promise<Pick<AttemptOptions, "post">> {
    return host ? { post: await this.#admissions.at(host, picture !== null, signal) } : {};
  }

  #record(
    stage: StageName,
    { entry, provider }: StageModel,
    answer: { readonly model: string; readonly version: string } | StageError,
    { started, ended, isWarming, isModels }: Call,
  ): void {
    const failed = answer instanceof StageError;
    const key = `${stage} ${entry}`;
    const previous = this.#calls.get(key);
    // A call that only prepares the picture is no attempt at the question, and other stages run between the two.
    const first = Math.min(previous?.first ?? Infinity, isWarming ? Infinity : started);
    const last = Math.max(previous?.last ?? -Infinity, isWarming ? -Infinity : ended);
    const record: StageRecord = {
      stage,
      model: failed ? (previous?.record.model ?? entry) : answer.model,
      version: failed ? (previous?.record.version ?? null) : answer.version,
      provider,
      attempts: (previous?.record.attempts ?? 0) + (isWarming ? 0 : 1),
      cached: false,
      ms: Math.max(0, last - first),
      cost_usd: null,
    };
    this.#calls.set(key, { record, first, last });
    this.#options.emit({ event: "stage", entry, record });
    // A call that was canceled says nothing about the model, nor does one that a caller's picture made fail.
    if (failed && (answer.code === "canceled" || !isModels)) return;
    const outcome = { ok: !failed, code: failed ? answer.code : null, ms: ended - started };
    this.#options.outcomes.record(stage, { model: entry, ...outcome, at: new Date(started).toISOString() });
  }
}
