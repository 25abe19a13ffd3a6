import * as z from "zod/mini";
import type { Size } from "../../schemas/primitives.ts";
import type { ProviderName } from "../../schemas/providers.ts";
import { STAGES, type StageName } from "../../schemas/stages/index.ts";
import type { ProviderFetch } from "../net/provider-fetch.ts";
import type { Callback } from "../providers/replicate.ts";
import type { WorkersAi } from "../providers/workers-ai.ts";
import { type ServedAddress, StageError, type StageModel, type StageOutput } from "./model.ts";

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
  /** Get a file of a model's reply, under guard: its address came from outside. Throws where it cannot be had. */
  readonly download: (address: string, signal: AbortSignal) => Promise<Uint8Array>;
  /** Opens an address at which a vendor tells how a prediction ended; null or absent where it cannot reach us. */
  readonly openCallback?: (() => Callback) | null;
  /** Fitted constants by model entry and prompt version: see `calibrate.ts`. */
  readonly calibrations?: ReadonlyMap<string, Calibration>;
  /** The `AI` binding; null or absent where the Worker has none. */
  readonly ai?: WorkersAi | null;
  /** The `IMAGES` binding; null or absent where the Worker has none. */
  readonly images?: Images | null;
}

/** Platt's constants: the calibrated probability is `1 / (1 + exp(-(slope * logit(raw) + intercept)))`. */
export interface Calibration {
  readonly slope: number;
  readonly intercept: number;
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
  /** Entities or boxes that one call takes; `Infinity` for all. */
  readonly batch: number;
  /** How it is given the picture: by a link where it can follow one, always as data, or not at all. */
  readonly picture: "link" | "data" | "none";
  /** A Replicate model: `npm run models -- check` holds it to the live schema. */
  readonly replicate?: ReplicateSchema;
}

/** What we rely on of a Replicate model's schema. */
export interface ReplicateSchema {
  /**
   * The version whose schema we know; null for an official model, which has none, and for one whose entry must pin its
   * own.
   */
  readonly version: string | null;
  /** Every input that we send. */
  readonly inputs: readonly string[];
  /** What we read; absent where its schema is not published. */
  readonly output?: { readonly type: "array" | "object" | "string"; readonly reads?: readonly string[] };
}

/** The names in a chain's entries that a model file serves at one provider. */
export interface Served {
  readonly provider: ProviderName;
  readonly models: RegExp;
  /** Only behind an alias: a task that no public host has. */
  readonly aliased?: boolean;
}

/** What a model file exports: which chain entries it serves, and how an address becomes a model. */
export interface StageAdapter<Name extends StageName> {
  readonly serves: readonly Served[];
  readonly card: ModelCard;
  /** Throws an `Error` that names what the address lacks. */
  create(address: ServedAddress, tools: ModelTools): StageModel<Name>;
}

/** What a model said, once it agrees with its stage's contract. Throws a `StageError`. */
export function readOutput<Name extends StageName>(stage: Name, output: unknown): StageOutput<Name> {
  const parsed = z.safeParse(STAGES[stage].output, output);
  if (parsed.success) return parsed.data as StageOutput<Name>;
  const at = parsed.error.issues[0]?.path.join("/") ?? "";
  throw new StageError("invalid_output", `answered something that is not a result of ${stage} (at /${at})`);
}

/** The size of the picture that a model was sent. Throws a `StageError`: without it no pixel can be told. */
export function sizeOf({ size }: { size?: Size | undefined }): Size {
  if (!size) throw new StageError("rejected", "must be told the picture's size");
  return size;
}
