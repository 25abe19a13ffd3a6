import type * as z from "zod/mini";
import type { Labels } from "../../schemas/labels.ts";
import type { ProviderName } from "../../schemas/providers.ts";
import type { STAGES, StageName } from "../../schemas/stages/index.ts";
import type { Again } from "../providers/stage-error.ts";

export { type Again, StageError, type StageErrorCode } from "../providers/stage-error.ts";

export type StageInput<Name extends StageName> = z.infer<(typeof STAGES)[Name]["input"]>;
export type StageOutput<Name extends StageName> = z.infer<(typeof STAGES)[Name]["output"]>;

/**
 * Where a model is, from one entry of a stage's chain: `provider/model[@version]` or `provider:alias/model[@version]`.
 */
export interface ModelAddress {
  /** The entry as configured; the model's name until it has answered with its own. */
  readonly entry: string;
  readonly provider: string;
  readonly model: string;
  /** When pinned, an answer by another version is an error. */
  readonly version: string | null;
  /** What `ENDPOINT_<ALIAS>` says, or the provider's own address; null where it has none. */
  readonly endpoint: URL | null;
  /** Whether the endpoint is an alias's: the operator's own place for this one model. */
  readonly aliased: boolean;
  readonly token: string | null;
}

/** The address of a model that an adapter serves: its provider is one that the contract names. */
export interface ServedAddress extends ModelAddress {
  readonly provider: ProviderName;
}

/** A hosted model that does one stage. */
export interface StageModel<Name extends StageName = StageName> {
  readonly entry: string;
  readonly provider: ProviderName;
  /** Changes whenever the way it is asked or read changes; part of cache keys. */
  readonly promptVersion: string;
  /** Entities or boxes that one call takes; `Infinity` for all. The pipeline makes as many calls as that needs. */
  readonly batch: number;
  /** Whether it can follow a link to the picture. One that cannot is given a data URL. */
  readonly takesLinks: boolean;
  /** Whether it looks at the picture where it could do without. Absent where every model must. */
  readonly looks?: boolean;
  /** Whether it can give mentions these types. Absent where no labels are asked for. */
  readonly covers?: (labels: Labels) => boolean;
  /** Whether a call without boxes, to have the picture prepared, makes a later one answer sooner. */
  readonly warms?: boolean;
  /** Ask once: one attempt at the model. Throws a `StageError`, and nothing else. */
  run(input: StageInput<Name>, attempt: AttemptOptions): Promise<StageOutput<Name>>;
}

/** What an attempt at a model is bound by. */
export interface AttemptOptions {
  readonly signal: AbortSignal;
  /** Unix time in milliseconds at which nobody waits any more. */
  readonly deadline: number;
  /** Takes work that nobody is to wait for, and sees that it gets done. */
  readonly later: (work: Promise<unknown>) => void;
  /** What the attempt before asked for instead of the same again. */
  readonly again?: Again | null;
}

/** The models of each stage, tried left to right. */
export type Chains = { readonly [Name in StageName]: readonly StageModel<Name>[] };
