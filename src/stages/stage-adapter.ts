import * as z from "zod/mini";
import { STAGES, type StageName } from "../../schemas/stages/index.ts";
import type { ProviderFetch } from "../net/provider-fetch.ts";
import { type ModelAddress, StageError, type StageModel, type StageOutput } from "./stage-model.ts";

/** What is used of the platform's Images binding (developers.cloudflare.com/images/transform-images/bindings). */
export interface Images {
  input(bytes: ReadableStream<Uint8Array>): ImageTransform;
}

export interface ImageTransform {
  transform(options: { width: number; height: number; fit: "scale-down" }): ImageTransform;
  output(options: { format: "image/jpeg"; quality: number; background: string; anim: boolean }): Promise<{
    image(): ReadableStream<Uint8Array>;
  }>;
}

/** What models are given of the world. */
export interface ModelTools {
  readonly fetch: ProviderFetch;
  /** Unix time in milliseconds. */
  readonly clock: () => number;
  /** 0 to before 1. */
  readonly random: () => number;
  /** Resolves after so many milliseconds; rejects with the signal's reason when it aborts. */
  readonly sleep: (milliseconds: number, signal: AbortSignal) => Promise<void>;
  /** The `IMAGES` binding; null or absent where the Worker has none. */
  readonly images?: Images | null;
}

/** What `npm run models` says of a model file. */
export interface ModelCard {
  /** The model as its maker calls it. */
  readonly title: string;
  /** What a call is charged by, in words, with the date of the source. */
  readonly price: string;
  /** The most that one call can cost, in US dollars; null where that depends on what the operator configured. */
  readonly maximumCostUsd: number | null;
  readonly returns: string;
  readonly cannot: string;
  /** How it is given the picture. */
  readonly picture: "link" | "data" | "none";
}

/** What a model file exports: which chain entries it serves, and how an address becomes a model. */
export interface StageAdapter<Name extends StageName> {
  readonly provider: string;
  /** The model names of chain entries that it serves. */
  readonly models: RegExp;
  readonly card: ModelCard;
  /** Throws an `Error` that names what the address lacks. */
  create(address: ModelAddress, tools: ModelTools): StageModel<Name>;
}

/** What a model said, once it agrees with its stage's contract. Throws a `StageError`. */
export function readOutput<Name extends StageName>(stage: Name, output: unknown): StageOutput<Name> {
  const parsed = z.safeParse(STAGES[stage].output, output);
  if (parsed.success) return parsed.data as StageOutput<Name>;
  const at = parsed.error.issues[0]?.path.join("/") ?? "";
  throw new StageError("invalid_output", `answered something that is not a result of ${stage} (at /${at})`);
}
