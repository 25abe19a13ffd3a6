import type * as z from "zod/mini";
import type { STAGES, StageName } from "../../schemas/stages/index.ts";

export { StageError, type StageErrorCode } from "../providers/stage-error.ts";

export type StageInput<Name extends StageName> = z.infer<(typeof STAGES)[Name]["input"]>;
export type StageOutput<Name extends StageName> = z.infer<(typeof STAGES)[Name]["output"]>;

/** Where a model is, from one entry of a stage's chain: `provider/model[@version]` or `provider:alias/model[@version]`. */
export interface ModelAddress {
  /** The entry as configured; the model's name until it has answered with its own. */
  readonly entry: string;
  readonly provider: string;
  readonly model: string;
  /** When pinned, an answer by another version is an error. */
  readonly version: string | null;
  /** What `ENDPOINT_<ALIAS>` and `ENDPOINT_<ALIAS>_TOKEN` say; null without an alias. */
  readonly endpoint: URL | null;
  readonly token: string | null;
}

/** A hosted model that does one stage. */
export interface StageModel<Name extends StageName = StageName> {
  readonly entry: string;
  readonly provider: string;
  /** Changes whenever the way it is asked or read changes; part of cache keys. */
  readonly promptVersion: string;
  /** Ask once: one HTTP request. Throws a `StageError`, and nothing else. */
  run(input: StageInput<Name>, signal: AbortSignal): Promise<StageOutput<Name>>;
}

/** The models of each stage, tried left to right. */
export type Chains = { readonly [Name in StageName]: readonly StageModel<Name>[] };
