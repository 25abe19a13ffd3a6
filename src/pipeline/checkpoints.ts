import type { ProviderName } from "../../schemas/providers.ts";
import type { StageName } from "../../schemas/stages/index.ts";
import type { KeptCall, StageError } from "../stages/model.ts";
import type { RunEvent } from "./events.ts";

export type { KeptCall } from "../stages/model.ts";

/** Why the same model is not asked the same again. */
export type FinalFailure = Pick<StageError, "code" | "detail">;

/** One attempt at a model that has ended, however it ended. */
export interface EndedCall {
  readonly stage: StageName;
  /** The model's entry in the chain. */
  readonly entry: string;
  /** What was asked beside the entities or boxes and the picture, as JSON. */
  readonly question: string;
  /** Ids of the entities or boxes that it was asked about; empty for a stage without. */
  readonly ids: readonly string[];
  /** The stage's output (`schemas/stages/`); null when the attempt failed. */
  readonly output: RanBy | null;
  /** Why the attempt failed for good; null where it did not fail, or may be repeated. */
  readonly failure: FinalFailure | null;
  readonly provider: ProviderName;
  /** Unix time in milliseconds. */
  readonly started: number;
  readonly ended: number;
  /** Whether it only prepared the picture. */
  readonly isWarming: boolean;
  /** In nano-dollars; null when it is not known. */
  readonly cost: number | null;
  /** What counts as spent of `max_cost_usd`, in nano-dollars: the cost, or all that was reserved. */
  readonly spent: number;
}

/** The part of a stage's output that names the model. */
export interface RanBy {
  readonly model: string;
  readonly version: string;
}

/** An attempt at a model that has begun. */
export interface OpenCall extends Pick<EndedCall, "stage" | "entry" | "question" | "ids"> {
  /** Names the attempt, also in a later process: `{run id}/{number}`. */
  readonly key: string;
  /** What its provider kept of it; null for nothing. */
  readonly kept: KeptCall | null;
}

/**
 * What a run keeps so that another process can go on with it after this one died. Every method ends before it returns,
 * and what it keeps is durable before anything is sent afterwards.
 */
export interface Checkpoints {
  /** The findings of earlier processes, in order. */
  readonly events: readonly RunEvent[];
  /** Keeps a finding. False where it is known already; the first one stands, except of `stage` events. */
  addEvent(event: RunEvent): boolean;
  /** The attempts of earlier processes that have ended. */
  readonly ended: readonly EndedCall[];
  /** Begins an attempt, or goes on with one of an earlier process at the same model about the same. */
  begin(call: Omit<OpenCall, "key" | "kept">): OpenCall;
  /** Keeps what an attempt's provider will know it by. */
  keep(key: string, kept: KeptCall): void;
  /** Ends an attempt; null for one that asked nothing. */
  end(key: string, call: EndedCall | null): void;
  /** Names of what the run stored and keeps: see `Run.left`. */
  readonly left: Set<string>;
}
