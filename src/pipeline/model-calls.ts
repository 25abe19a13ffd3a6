import { toUsd } from "../../schemas/money.ts";
import type { StageRecord } from "../../schemas/recognize.ts";
import type { StageName } from "../../schemas/stages/index.ts";
import type { Limiter, Place } from "../net/connections.ts";
import type { Outcomes } from "../observe/outcomes.ts";
import type { BreakerState, Breakers, Verdict } from "../resilience/breakers.ts";
import { waitBefore } from "../resilience/retry.ts";
import { untilAborted } from "../resilience/until-aborted.ts";
import type { Runtime } from "../runtime.ts";
import {
  type AttemptChanges,
  type AttemptOptions,
  canceledOrLate,
  type KeptCall,
  type ModelInput,
  StageError,
  type StageInput,
  type StageModel,
  type StageOutput,
  type Usage,
} from "../stages/model.ts";
import type { PictureRef } from "../stages/picture-ref.ts";
import { mostCostOf } from "../stages/prices/price.ts";
import { Admissions } from "./admissions.ts";
import { addCosts, attemptCost } from "./attempt-cost.ts";
import { type Budget, OverBudget, type Reservation } from "./budget.ts";
import type { Checkpoints, EndedCall, OpenCall, RanBy } from "./checkpoints.ts";
import type { Emit, RunEvent } from "./events.ts";
import { blamesPicture, isPictureCode, type PictureCode } from "./picture/blame.ts";
import { finalFailure, questionOf } from "./recall.ts";
import { idsIn } from "./split.ts";
import { verdictOn } from "./verdict.ts";

export interface ModelCallsOptions extends Pick<Runtime, "clock" | "sleep" | "chance" | "timer" | "trace"> {
  /** The run's id, which names its post to the hosts of models. */
  readonly id: string;
  readonly outcomes: Outcomes;
  /** Limits how many connections the run has open at a time. */
  readonly limit: Limiter;
  /** Unix time in milliseconds at which the run ends. */
  readonly deadline: number;
  readonly emit: Emit;
  /** The breakers of all models of this isolate. */
  readonly breakers: Breakers;
  /** The money that the run may spend. */
  readonly budget: Budget;
  /** What the run keeps for another process; null or absent for a run that ends with this one. */
  readonly checkpoints?: Checkpoints | null;
  /** Called when a model could not decode the picture and is asked again without it. `detail` is a sentence. */
  readonly pictureFault: (stage: StageName, code: PictureCode, detail: string) => void;
}

/** The time that one model of a chain has. */
export interface Turn {
  readonly signal: AbortSignal;
  /** Unix time in milliseconds. */
  readonly until: number;
  /** Whether no other model can be asked after it. */
  readonly isLast: boolean;
  /**
   * The place of its call among those that wait for a connection: that of its part in the question, so that the stages
   * of one entity begin together, and `finishing` for the stage that finishes an entity.
   */
  readonly place: Place;
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
  /** In nano-dollars; null when it is not known. */
  readonly cost: number | null;
}

/** The calls of one model so far. */
interface Calls {
  readonly record: StageRecord;
  /** Unix time in milliseconds at which the first attempt began; infinite when there was none. */
  readonly first: number;
  /** Unix time in milliseconds at which the last attempt to end ended; negatively infinite when there was none. */
  readonly last: number;
  /** In nano-dollars; null when the cost of one is not known. */
  readonly cost: number | null;
}

/**
 * Maximum tries of one model while its errors ask for a changed request: simpler chat dialects, one repair of a reply.
 */
const CHANGED_TRIES = 8;

/** Fewest seconds for which a call may be charged: Replicate cancels none earlier ("Cancel-After"). */
const LEAST_SECONDS = 5;

/** The name of a model's breaker: a model may be in order in one stage and not in another. */
export function breakerKey(stage: StageName, entry: string): string {
  return `${stage} ${entry}`;
}

/** The error of a model that is not asked for now. */
function skipped({ failures, retryAt }: BreakerState, now: number): StageError {
  const seconds = Math.max(1, Math.ceil(((retryAt ?? now) - now) / 1000));
  return new StageError("skipped", `was skipped: its last ${failures} calls failed; it is tried again in ${seconds} s`);
}

/** The error of a call as its answer, also that of a wait which its signal ended. Throws any other. */
const errorIn = (signal: AbortSignal) => (error: unknown) => {
  if (error instanceof StageError) return error;
  if (signal.aborted && error === signal.reason) return canceledOrLate(signal);
  throw error;
};

/** The calls of models in one run. Emits a `stage` event for each, and notes its outcome for `/health`. */
export class ModelCalls {
  readonly #options: ModelCallsOptions;
  readonly admissions: Admissions;
  /** By stage and entry. */
  readonly #calls = new Map<string, Calls>();
  readonly #running = new Set<Promise<unknown>>();
  /** For each call that has no answer yet, what records it as given up. */
  readonly #open = new Set<() => void>();

  constructor(options: ModelCallsOptions) {
    this.#options = options;
    this.admissions = new Admissions(options);
    const records = new Map<string, RunEvent>();
    for (const call of options.checkpoints?.ended ?? []) {
      const record = this.#count(call, call.output, call);
      records.set(`${call.stage} ${call.entry}`, { event: "stage", entry: call.entry, record });
    }
    // The process that made the last of them may have died before it recorded it.
    for (const record of records.values()) options.emit(record);
  }

  /**
   * Resolves when no call is running any more and the hosts know that the post has ended. An abandoned call may still
   * be canceling its work upstream.
   */
  async close(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
    await this.admissions.close();
  }

  /** Records the calls that have no answer yet as given up. Their answers are not recorded any more. */
  giveUp(): void {
    for (const record of this.#open) record();
  }

  #follow(work: Promise<unknown>): void {
    this.#running.add(work);
    const done = () => this.#running.delete(work);
    work.then(done, done);
  }

  /**
   * Calls one model for one part, with retries as long as they make sense and there is time. A model whose last calls
   * failed is skipped.
   */
  async ask<Name extends StageName>(
    stage: Name,
    model: StageModel<Name>,
    part: Partial<StageInput<Name>>,
    picture: PictureRef | null,
    turn: Turn,
  ): Promise<StageOutput<Name> | StageError> {
    const { breakers, clock } = this.#options;
    const key = breakerKey(stage, model.entry);
    const pass = breakers.enter(key);
    if (!pass) return skipped(breakers.state(key), clock());
    // A call that never got its turn says nothing about the model.
    let time = 0;
    const begins = () => {
      time = turn.until - clock();
    };
    let isOpen = true;
    const end = (verdict: Verdict) => {
      if (isOpen) pass.end(verdict);
      isOpen = false;
    };
    // A probe ends with its first attempt: while it waits for the next, others may ask.
    const answered = (answer: unknown) => {
      if (pass.isProbe) end(verdictOn(answer, time));
    };
    try {
      const answer = await this.#try(stage, model, part, picture, turn, { begins, answered });
      end(verdictOn(answer, time));
      return answer;
    } catch (error) {
      end("neutral");
      throw error;
    }
  }

  async #try<Name extends StageName>(
    stage: Name,
    model: StageModel<Name>,
    part: Partial<StageInput<Name>>,
    picture: PictureRef | null,
    turn: Turn,
    follow: { readonly begins: () => void; readonly answered: (answer: unknown) => void },
  ): Promise<StageOutput<Name> | StageError> {
    const { limit, clock, sleep, chance } = this.#options;
    const { signal, until, isLast } = turn;
    let changes: AttemptChanges = {};
    const reference = model.takesLinks ? picture : (picture?.withoutLinks() ?? null);
    // Before taking a connection: storing the picture for its link takes one, and waiting for the picture takes time.
    const inlined = reference !== null && (await reference.link()) === null && !model.uploadsPicture ? reference : null;
    const input = { ...part, picture: inlined?.whileHeld() ?? reference } as ModelInput<Name>;
    const begin = () => {
      follow.begins();
      return this.#call(stage, model, input, turn, changes);
    };
    const call = () => limit(begin, signal, turn.place).catch(errorIn(signal));
    for (let tries = 1; ; tries++) {
      const answer = await (inlined ? inlined.exclusively(call) : call());
      follow.answered(answer);
      if (!(answer instanceof StageError)) return answer;
      // A changed request is sent at once.
      // What outlives a request has the time that a model takes to boot.
      const isPatient = Boolean(this.#options.checkpoints);
      const isChanged = answer.changes && tries < CHANGED_TRIES;
      const wait = isChanged ? 0 : waitBefore(tries, answer, chance(), isLast, isPatient);
      if (reference && wait === null && blamesPicture(answer) && model.usesPicture && !signal.aborted) {
        // The text can be read without it.
        if (isPictureCode(answer.code)) {
          this.#options.pictureFault(stage, answer.code, `${model.entry} ${answer.detail}.`);
        }
        return this.#try(stage, model, part, null, turn, follow);
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
    const { price = null } = model;
    const usages: Usage[] = [];
    let reservation: Reservation | null = null;
    let most: number | null = null;
    const { checkpoints } = this.#options;
    const part = input as unknown as Partial<StageInput<Name>>;
    const asked = { stage, entry: model.entry, question: questionOf(stage, part), ids: idsIn(stage, part) };
    let open: OpenCall | null = null;
    const seconds = Math.max(LEAST_SECONDS, Math.ceil((until - started) / 1000));
    const reserve = async (usage: Usage) => {
      most = mostCostOf(price, { seconds, ...usage });
      reservation = await this.#options.budget.reserve(most, signal);
    };
    const attempt: AttemptOptions = {
      signal,
      deadline: until,
      changes,
      reserve,
      spent: (usage) => usages.push(usage),
      later: (work) => this.#follow(work),
    };
    const running = this.#options.trace(`${stage} attempt`, { stage, provider: model.provider }, async () => {
      if (!model.reserves) await reserve({});
      const admitted = await this.#admitted(model, input, signal);
      const begun = checkpoints?.begin(asked) ?? null;
      open = begun;
      const resumable = begun && {
        key: begun.key,
        kept: begun.kept,
        keep: (kept: KeptCall) => checkpoints?.keep(begun.key, kept),
      };
      return model.run(input, { ...attempt, ...admitted, ...(resumable && { resumable }) });
    });
    this.#follow(running);
    const end = this.#options.outcomes.begin(stage, started);
    running.then(end, end);
    const record = (answer: StageOutput<Name> | StageError) => {
      if (!this.#open.delete(giveUp)) return;
      const reserved = reservation as Reservation | null;
      const begun = open as OpenCall | null;
      // It waited for money when it was given up, or got none: it was not called.
      const isGivenUp = answer instanceof StageError && answer.code === "canceled";
      if (reserved === null && (answer instanceof OverBudget || isGivenUp || signal.aborted)) {
        if (begun) checkpoints?.end(begun.key, null);
        return;
      }
      const cost = attemptCost(price, usages, answer);
      reserved?.settle(cost);
      const isWarming = (input as { readonly warm?: boolean }).warm === true;
      const isModels = !(input.picture && answer instanceof StageError && blamesPicture(answer));
      const call = { started, ended: this.#options.clock(), isWarming, isModels, cost };
      const output = answer instanceof StageError ? null : answer;
      if (begun) {
        const { provider } = model;
        const failure = output === null && isModels ? finalFailure(answer as StageError) : null;
        checkpoints?.end(begun.key, { ...asked, ...call, provider, output, failure, spent: cost ?? most ?? 0 });
      }
      this.#record(stage, model, answer, call);
    };
    const giveUp = () => record(new StageError("canceled", "was given up"));
    this.#open.add(giveUp);
    // A model that does not heed its signal keeps nobody waiting.
    const answer = await untilAborted(running, signal).catch(errorIn(signal));
    record(answer);
    return answer;
  }

  /** The id by which the model's host has admitted the post; nothing where the host does not admit posts. */
  async #admitted<Name extends StageName>(
    { host }: StageModel<Name>,
    { picture }: ModelInput<Name>,
    signal: AbortSignal,
  ): Promise<Pick<AttemptOptions, "post">> {
    return host ? { post: await this.admissions.at(host, picture !== null, signal) } : {};
  }

  #record(
    stage: StageName,
    { entry, provider }: StageModel,
    answer: { readonly model: string; readonly version: string } | StageError,
    { started, ended, isWarming, isModels, cost: latest }: Call,
  ): void {
    const failed = answer instanceof StageError;
    const record = this.#count({ stage, entry, provider }, failed ? null : answer, {
      started,
      ended,
      isWarming,
      cost: latest,
    });
    this.#options.emit({ event: "stage", entry, record });
    // A call that was canceled says nothing about the model, nor does one that a caller's picture made fail.
    if (failed && (answer.code === "canceled" || !isModels)) return;
    const outcome = { ok: !failed, code: failed ? answer.code : null, ms: ended - started };
    this.#options.outcomes.record(stage, { model: entry, ...outcome, at: new Date(started).toISOString() });
  }

  /** Adds a call to those of its model so far, and returns the record of all. */
  #count(
    { stage, entry, provider }: Pick<EndedCall, "stage" | "entry" | "provider">,
    answer: RanBy | null,
    { started, ended, isWarming, cost: latest }: Omit<Call, "isModels">,
  ): StageRecord {
    const key = `${stage} ${entry}`;
    const previous = this.#calls.get(key);
    // A call that only prepares the picture is no attempt at the question, and other stages run between the two.
    const first = Math.min(previous?.first ?? Infinity, isWarming ? Infinity : started);
    const last = Math.max(previous?.last ?? -Infinity, isWarming ? -Infinity : ended);
    const cost = addCosts([previous === undefined ? 0 : previous.cost, latest]);
    const record: StageRecord = {
      stage,
      model: answer?.model ?? previous?.record.model ?? entry,
      version: answer?.version ?? previous?.record.version ?? null,
      provider,
      attempts: (previous?.record.attempts ?? 0) + (isWarming ? 0 : 1),
      cached: false,
      ms: Math.max(0, last - first),
      cost_usd: cost === null ? null : toUsd(cost),
    };
    this.#calls.set(key, { record, first, last, cost });
    return record;
  }
}
