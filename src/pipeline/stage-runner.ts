import type { Labels } from "../../schemas/labels.ts";
import { type Problem, ProblemError, problemDocument } from "../../schemas/problem.ts";
import type { StageRecord } from "../../schemas/recognize.ts";
import { STAGE_NAMES, type StageName } from "../../schemas/stages/index.ts";
import type { Limiter } from "../net/connections.ts";
import type { Outcomes } from "../observe/outcomes.ts";
import { waitBefore } from "../resilience/retry.ts";
import {
  type Again,
  type Chains,
  StageError,
  type StageInput,
  type StageModel,
  type StageOutput,
} from "../stages/model.ts";
import type { PictureRef } from "../stages/picture-ref.ts";
import { joinInputs, joinOutputs, splitInput } from "./split.ts";

/** What calls to models share within one request. */
export interface StageTools {
  readonly chains: Chains;
  readonly outcomes: Outcomes;
  /** At most so many outgoing connections at a time. */
  readonly limit: Limiter;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  /** Unix time in milliseconds at which the request ends. */
  readonly deadline: number;
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** A signal that aborts as late after so many milliseconds. */
  readonly timer?: (milliseconds: number) => AbortSignal;
  /** 0 to before 1. */
  readonly chance: () => number;
}

/** Until when one model is waited for: no longer than leaves the models behind it in the chain as much. */
interface Turn {
  readonly signal: AbortSignal;
  /** Unix time in milliseconds. */
  readonly until: number;
}

/** A stage's input without the picture, which each model is given in the form that it takes. */
export type Question<Name extends StageName> = Omit<StageInput<Name>, "image" | "size">;

/**
 * Tries in all for a model that asks to be asked otherwise: every simpler dialect of a chat endpoint and one repair
 * (`chat.ts`, `ask-json.ts`).
 */
const REPHRASED = 8;

/** Calls the stages of one request, and remembers what was asked of whom and what went wrong. */
export class StageRunner {
  /** A problem for each stage that no model answered in full. */
  readonly failures: Problem[] = [];
  /** What the caller should know and nobody failed at. */
  readonly notes: Problem[] = [];
  readonly signal: AbortSignal;
  readonly #tools: StageTools;
  /** By stage and entry. */
  readonly #records = new Map<string, StageRecord>();
  readonly #running = new Set<Promise<unknown>>();
  readonly #fellBack = new Set<StageName>();

  constructor(tools: StageTools, signal: AbortSignal) {
    this.#tools = tools;
    this.signal = signal;
  }

  /**
   * One record for each model that was asked, and for each stage that was found in a cache, in the order of the
   * pipeline.
   */
  get records(): StageRecord[] {
    const records = [...this.#records.values()];
    return STAGE_NAMES.flatMap((stage) => records.filter((record) => record.stage === stage));
  }

  /** Whether another than the chain's first model gave some of a stage's answer. */
  fellBack(stage: StageName): boolean {
    return this.#fellBack.has(stage);
  }

  /** Resolves once no call runs any more: one that was given up may still have to tell the model's host so. */
  async settled(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /** Whether a stage has any model. */
  has(stage: StageName): boolean {
    return this.#tools.chains[stage].length > 0;
  }

  /** Whether some of a stage's work found no model that did it. */
  failed(stage: StageName): boolean {
    return this.failures.some((failure) => failure.stage === stage);
  }

  /**
   * What the models of a stage's chain make of a question: the first is asked, the next about what it did not answer,
   * and so on. What then is still open is an entry in `failures`, and what nobody answered at all is null.
   */
  async run<Name extends StageName>(
    stage: Name,
    question: Question<Name>,
    view: PictureRef | null = null,
  ): Promise<StageOutput<Name> | null> {
    const { output, failure } = await this.#ask(stage, question, view);
    if (failure !== null) this.failures.push(problemDocument("stage_failed", failure, { stage }));
    return output;
  }

  /**
   * Like `run`, for a call that only saves time later: its failure is nobody's problem, and who gains nothing by it is
   * not asked.
   */
  async prepare<Name extends StageName>(stage: Name, question: Question<Name>, view: PictureRef): Promise<void> {
    const [first] = this.#chainFor(stage, question);
    // The next model would be noted as one that answered, whom nobody has asked for anything.
    if (first?.warms) await this.#ask(stage, question, view, [first]);
  }

  /** Note that a stage was answered without asking: `model` and `version` are of the model that once said so. */
  answeredFromCache(stage: StageName, { model, version, ms }: Pick<StageRecord, "model" | "version" | "ms">): void {
    const provider = this.#tools.chains[stage][0]?.provider;
    if (!provider) return;
    this.#records.set(`${stage} cached`, {
      stage,
      model,
      version,
      provider,
      attempts: 0,
      cached: true,
      ms,
      cost_usd: null,
    });
  }

  /** The models of a stage that can give mentions these types; a note for each other one. */
  covering(labels: Labels, name: string): readonly StageModel<"mner">[] {
    const chain = this.#tools.chains.mner;
    const able = chain.filter(({ covers }) => covers?.(labels) ?? true);
    for (const { entry } of chain.filter((model) => able.length > 0 && !able.includes(model))) {
      this.notes.push(
        problemDocument("labels_not_covered", `${entry} was skipped: it cannot give ${name}.`, { stage: "mner" }),
      );
    }
    return able;
  }

  #follow(work: Promise<unknown>): void {
    this.#running.add(work);
    const done = () => this.#running.delete(work);
    work.then(done, done);
  }

  async #ask<Name extends StageName>(
    stage: Name,
    question: Question<Name>,
    view: PictureRef | null,
    chain: readonly StageModel<Name>[] = this.#chainFor(stage, question),
  ): Promise<{ output: StageOutput<Name> | null; failure: string | null }> {
    const failures = new Set<string>();
    const outputs: StageOutput<Name>[] = [];
    let open = [question as Partial<StageInput<Name>>];
    for (const [index, model] of chain.entries()) {
      // Joined first: a model that takes many in a call is not to be paid for each part that one before it took.
      const left = joinInputs(stage, open);
      if (!left || (failures.size > 0 && this.signal.aborted)) break;
      const parts = splitInput(stage, left, model.batch);
      const turn = this.#turnBefore(chain.length - 1 - index);
      const answers = await Promise.all(parts.map((part) => this.#try(stage, model, part, view, turn)));
      open = parts.filter((_, index) => answers[index] instanceof StageError);
      for (const answer of answers) {
        if (answer instanceof StageError) failures.add(`${model.entry} ${answer.detail}`);
        else outputs.push(answer);
      }
      if (open.length < parts.length && model !== this.#tools.chains[stage][0]) this.#fellBack.add(stage);
    }
    const output = joinOutputs(stage, outputs);
    if (open.length === 0) return { output, failure: null };
    return { output, failure: `${[...failures].join("; ") || "no model is configured"}.` };
  }

  /**
   * An equal share of the time that is left, so that a model which is slow does not take its fallback's: all of it for
   * the last.
   */
  #turnBefore(behind: number): Turn {
    const { clock, deadline, timer = (milliseconds) => AbortSignal.timeout(milliseconds) } = this.#tools;
    if (behind === 0) return { signal: this.signal, until: deadline };
    const share = Math.max(0, Math.floor((deadline - clock()) / (behind + 1)));
    return { signal: AbortSignal.any([this.signal, timer(share)]), until: clock() + share };
  }

  #chainFor<Name extends StageName>(stage: Name, question: Question<Name>): readonly StageModel<Name>[] {
    const chain: readonly StageModel<Name>[] = this.#tools.chains[stage];
    const labels = (question as { labels?: Labels }).labels;
    return labels === undefined ? chain : chain.filter(({ covers }) => covers?.(labels) ?? true);
  }

  /** One model, asked again while it makes sense to and time is left. */
  async #try<Name extends StageName>(
    stage: Name,
    model: StageModel<Name>,
    part: Partial<StageInput<Name>>,
    view: PictureRef | null,
    turn: Turn,
  ): Promise<StageOutput<Name> | StageError> {
    const { limit, clock, sleep, chance } = this.#tools;
    const { signal, until } = turn;
    let again: Again = {};
    const seen = model.takesLinks ? view : (view?.withoutLinks() ?? null);
    const call = (input: object) => limit(() => this.#call(stage, model, input as StageInput<Name>, turn, again));
    for (let tries = 1; ; tries++) {
      const answer = await (seen ? seen.withSource((image) => call({ ...part, image, size: seen.size })) : call(part));
      if (!(answer instanceof StageError)) return answer;
      refusePicture(answer, model.entry, stage);
      // Who is asked something else is asked at once.
      const wait = answer.again && tries < REPHRASED ? 0 : waitBefore(tries, answer, chance());
      if (wait === null || clock() + wait >= until || signal.aborted) return answer;
      const slept = await sleep(wait, signal).then(
        () => true,
        () => false,
      );
      if (!slept) return answer;
      again = { ...again, ...answer.again };
    }
  }

  async #call<Name extends StageName>(
    stage: Name,
    model: StageModel<Name>,
    input: StageInput<Name>,
    { signal, until }: Turn,
    again: Again,
  ): Promise<StageOutput<Name> | StageError> {
    const started = this.#tools.clock();
    const later = (work: Promise<unknown>) => this.#follow(work);
    const running = model.run(input, { signal, deadline: until, later, again });
    this.#follow(running);
    const answer = await running.catch((error: unknown) => {
      if (error instanceof StageError) return error;
      throw error;
    });
    const failed = answer instanceof StageError;
    const ms = this.#tools.clock() - started;
    const key = `${stage} ${model.entry}`;
    const before = this.#records.get(key);
    this.#records.set(key, {
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
      this.#tools.outcomes.record(stage, {
        model: model.entry,
        ok: !failed,
        code: failed ? answer.code : null,
        ms,
        at,
      });
    }
    return answer;
  }
}

/** A picture that no decoder reads ends the request: it is the caller's to mend. */
function refusePicture({ code, detail }: StageError, entry: string, stage: StageName): void {
  if (code !== "invalid_picture" && code !== "picture_too_many_pixels") return;
  throw new ProblemError(code, `${entry} ${detail}.`, {
    stage,
    errors: [{ pointer: "/image", detail: "could not be decoded" }],
  });
}
