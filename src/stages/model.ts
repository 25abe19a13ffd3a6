import type * as z from "zod/mini";
import type { Labels } from "../../schemas/labels.ts";
import type { Size } from "../../schemas/primitives.ts";
import type { CallbackVendor, ProviderName } from "../../schemas/providers.ts";
import type { STAGES, StageName } from "../../schemas/stages/index.ts";
import type { ModelHost } from "../providers/cog-host.ts";
import type { Images } from "../providers/images.ts";
import type { Callback } from "../providers/job.ts";
import type { KeptCall, Resumable } from "../providers/resumable.ts";
import type { ProviderRuntime } from "../providers/runtime.ts";
import type { AttemptChanges } from "../providers/stage-error.ts";
import type { Spent, Usage } from "../providers/usage.ts";
import type { WorkersAi } from "../providers/workers-ai.ts";
import type { Calibration } from "./adapters/calibrate.ts";
import type { PictureRef } from "./picture-ref.ts";
import type { ModelPrices, Price } from "./prices/price.ts";

export type { ModelHost } from "../providers/cog-host.ts";
export { canceledOrLate } from "../providers/refusal.ts";
export type { KeptCall, Resumable } from "../providers/resumable.ts";
export { type AttemptChanges, StageError, type StageErrorCode } from "../providers/stage-error.ts";
export type { Usage } from "../providers/usage.ts";

/** A stage's input as its contract defines it: the picture is a link or a data URL. */
export type StageInput<Name extends StageName> = z.infer<(typeof STAGES)[Name]["input"]>;
export type StageOutput<Name extends StageName> = z.infer<(typeof STAGES)[Name]["output"]>;

/** A stage's output without the model that gave it. */
export type ResultOf<Name extends StageName> = Omit<StageOutput<Name>, "model" | "version">;

/** The input of a model: its stage's input with a reference to the picture; null when the model gets no picture. */
export type ModelInput<Name extends StageName> = Omit<StageInput<Name>, "image" | "size"> & {
  readonly picture: PictureRef | null;
};

/**
 * The input of a model file: its stage's input with the picture's size in pixels. A file with a batch of 1 gets one
 * entity (`entity`) or box (`boxPrompt`) instead of a list.
 */
export type FileInput<Name extends StageName, Batch extends number> = (Batch extends 1
  ? Omit<StageInput<Name>, "entities" | "boxes"> & OnlyItem<StageInput<Name>>
  : StageInput<Name>) &
  (StageInput<Name> extends { image: string } ? { readonly size: Size } : unknown);

type OnlyItem<Input> = Input extends { entities: ReadonlyArray<infer Entity> }
  ? { readonly entity: Entity }
  : Input extends { boxes: ReadonlyArray<infer BoxPrompt> }
    ? { readonly boxPrompt: BoxPrompt }
    : unknown;

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
  /** The value of `ENDPOINT_<ALIAS>`, or the provider's own address; null where it has none. */
  readonly endpoint: URL | null;
  /** Where the provider queues calls whose end it tells by a callback; absent where it has no such queue. */
  readonly queue?: URL;
  /** Whether the endpoint is an alias's: the operator's own host for this one model. */
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
  /** Changes with every change of its prompt or of how its reply is read; part of cache keys. */
  readonly promptVersion: string;
  /** Maximum entities or boxes of one call; `Infinity` for no limit. The pipeline splits longer lists into calls. */
  readonly batch: number;
  /** Whether it can follow a link to the picture. One that cannot is sent the bytes. Decided by `createModel`. */
  readonly takesLinks: boolean;
  /** Whether it uploads a picture once per run and then refers to it. Other models get the bytes with each call. */
  readonly uploadsPicture?: boolean;
  /** Whether it uses the picture where the stage does not require one. Absent where every model must. */
  readonly usesPicture?: boolean;
  /** Whether the mentions that it returns have expressions. Absent where they have none. */
  readonly expresses?: boolean;
  /** Whether it can return mentions with these types. Absent for stages without labels. */
  readonly covers?: (labels: Labels) => boolean;
  /** Whether a call without boxes, which only computes the picture's features, makes the next call faster. */
  readonly warms?: boolean;
  /** The host that admits a post before any of its calls. Absent where the model's host takes each call by itself. */
  readonly host?: ModelHost;
  /** How its calls are charged; null or absent where that is not known. Decided by `createModel`. */
  readonly price?: Price | null;
  /** Whether it calls `AttemptOptions.reserve` itself, because only it knows how many tokens a call may take. */
  readonly reserves?: boolean;
  /**
   * Cancels what an attempt of another process may have left running, by the id that was kept of it. Absent where
   * nothing runs behind a call. Never rejects.
   */
  readonly cancel?: (kept: KeptCall) => Promise<void>;
  /** Makes one attempt at the model. Throws a `StageError`, and nothing else. */
  run(input: ModelInput<Name>, attempt: AttemptOptions): Promise<StageOutput<Name>>;
}

/** The limits of one attempt at a model. */
export interface AttemptOptions {
  /** Present where the attempt outlives the process: in jobs. */
  readonly resumable?: Resumable;
  readonly signal: AbortSignal;
  /** Unix time in milliseconds after which the result is not used. */
  readonly deadline: number;
  /** Takes work that the answer need not wait for, and runs it to its end. */
  readonly later: (work: Promise<unknown>) => void;
  /** The id by which the model's host has admitted the post. */
  readonly post?: string;
  /** The changes that the previous attempt asked for. */
  readonly changes?: AttemptChanges | null;
  /**
   * Takes what the host reported about the call, once for each attempt that the host may charge, also for one that
   * failed. An adapter whose host reports nothing, and charges each call the same, reports `{}`.
   */
  readonly spent?: Spent;
  /**
   * Asks for the money that the call may cost at most, before anything is sent. Called by models that `reserves`.
   * Rejects with the `StageError` `over_budget` where the request does not allow so much.
   */
  readonly reserve?: (most: Usage) => Promise<void>;
}

/** The models of each stage, tried left to right. */
export type Chains = { readonly [Name in StageName]: readonly StageModel<Name>[] };

/** The runtime of adapters: the network, the bindings, and constants of the configuration. */
export interface ModelRuntime extends ProviderRuntime {
  /** Downloads a file that a model's reply names, under guard: its address came from outside. Throws on failure. */
  readonly download: (address: string, signal: AbortSignal) => Promise<Uint8Array>;
  /** Where models reach this Worker for pictures; null or absent where they cannot. */
  readonly publicUrl?: URL | null;
  /**
   * Opens an address for a vendor's callback, or with a name the one that an earlier process opened; null, or absent,
   * where that vendor cannot reach this Worker.
   */
  readonly openCallback?: ((vendor: CallbackVendor, name?: string) => Callback | null) | null;
  /** Fitted constants by model entry and prompt version: see `calibrate.ts`. */
  readonly calibrations?: ReadonlyMap<string, Calibration>;
  /** The prices that the operator configured. */
  readonly prices?: ModelPrices;
  /** The `AI` binding; null or absent where the Worker has none. */
  readonly ai?: WorkersAi | null;
  /** The `IMAGES` binding; null or absent where the Worker has none. */
  readonly images?: Images | null;
}

/** What `npm run models` prints about a model file. */
export interface ModelCard {
  /** The model as its maker calls it. */
  readonly title: string;
  /** What a call is charged by, in words, with the date of the source. */
  readonly price: string;
  /** The most that one call can cost, in US dollars; null where that depends on what the operator configured. */
  readonly maximumCostUsd: number | null;
  readonly returns: string;
  readonly cannot: string;
  /** Maximum entities or boxes of one call; `Infinity` for no limit. */
  readonly batch: number;
  /** How it is given the picture: by a link where it can follow one, always as bytes, or not at all. */
  readonly picture: "link" | "data" | "none";
  /** A `link` model whose host on a loopback address is sent the bytes all the same. */
  readonly localData?: true;
  /** A Replicate model's schema: `npm run models -- check` compares it with the live one. */
  readonly replicate?: ReplicateSchema;
}

/** The parts of a Replicate model's schema that our code depends on. */
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

/** The model names that a model file serves at one provider. */
export interface Served {
  readonly provider: ProviderName;
  /** Exact names. They win over another file's families. */
  readonly names?: readonly string[];
  readonly families?: readonly NameFamily[];
  /** Only behind an alias: a task that no public host offers. */
  readonly aliased?: boolean;
}

/** Names of one form. A name must meet every condition. */
export interface NameFamily {
  /** How documents write the names: `NAME` for any, `…` for any part of one. */
  readonly label: string;
  readonly prefix?: string;
  /** Parts of the name after the prefix, in this order, in any case. */
  readonly contains?: readonly string[];
  /** Prefixes that exclude a name. */
  readonly except?: readonly string[];
}

/** The export of a model file: the chain entries that it serves, and how it makes a model from an address. */
export interface StageAdapter<Name extends StageName> {
  readonly serves: readonly Served[];
  readonly card: ModelCard;
  /** Throws an `Error` that names what the address lacks. */
  create(address: ServedAddress, runtime: ModelRuntime): Omit<StageModel<Name>, "takesLinks" | "price">;
}
