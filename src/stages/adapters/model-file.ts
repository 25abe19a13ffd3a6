import { STAGES, type StageName } from "../../../schemas/stages/index.ts";
import {
  type AttemptOptions,
  type FileInput,
  type ModelInput,
  type ModelRuntime,
  type ResultOf,
  type ServedAddress,
  StageError,
  type StageModel,
} from "../model.ts";
import { countOf, readOutput } from "../replies/read-output.ts";
import type { Calibration } from "./calibrate.ts";

/** The properties that every model file has, whatever its protocol. */
export interface ModelFile<Name extends StageName, Batch extends number> {
  readonly stage: Name;
  /** Changes with every change of its prompt or of how its reply is read. */
  readonly promptVersion: string;
  /** Maximum entities or boxes of one call; `Infinity` for no limit. */
  readonly batch: Batch;
  readonly abilities?: Pick<StageModel<Name>, "covers" | "usesPicture" | "expresses">;
  /** The version that is used when an entry pins none; null or absent where there is none. */
  readonly version?: string | null;
}

/** A stage's result with the name and version of the model that returned it. */
export type NamedResult<Name extends StageName> = ResultOf<Name> & { readonly model: string; readonly version: string };

/**
 * The model of a model file at an address. It looks up the model's calibration, refuses more entities or boxes than one
 * call takes, answers an empty list without calling the model, and checks the result against the stage's contract.
 *
 * @param ask makes one attempt at the model
 */
export function createFromFile<Name extends StageName, Batch extends number>(
  { stage, promptVersion, batch, abilities, version }: ModelFile<Name, Batch>,
  address: ServedAddress,
  { calibrations }: Pick<ModelRuntime, "calibrations">,
  ask: (
    input: ModelInput<Name>,
    attempt: AttemptOptions,
    calibration: Calibration | undefined,
  ) => Promise<NamedResult<Name>>,
): Omit<StageModel<Name>, "takesLinks" | "price"> {
  const { entry, provider, model } = address;
  const calibration = calibrations?.get(`${entry}#${promptVersion}`);
  const { lists } = STAGES[stage];
  return {
    entry,
    provider,
    promptVersion,
    batch,
    ...abilities,
    async run(input, attempt) {
      const count = countOf(stage, input);
      if (lists && count === 0)
        return readOutput(stage, { [lists.join]: [], model, version: address.version ?? version ?? "unversioned" });
      if (count !== undefined && count > batch)
        throw new StageError("rejected", `takes at most ${batch} ${lists?.split} at a time, and was given ${count}`);
      return readOutput(stage, await ask(input, attempt, calibration), { asked: count });
    },
  };
}

/**
 * The input as a model file gets it: with the picture's size, and for a batch of 1 the one entity or box.
 *
 * @param image the picture as a link or data URL, where the protocol takes one
 */
export function toFileInput<Name extends StageName, Batch extends number>(
  batch: Batch,
  { picture, ...rest }: ModelInput<Name>,
  image?: string,
): FileInput<Name, Batch> {
  const input = { ...rest, ...(image !== undefined && { image }), ...(picture && { size: picture.size }) };
  if (batch !== 1) return input as unknown as FileInput<Name, Batch>;
  const { entities, boxes, ...others } = input as Lists;
  const [entity] = entities ?? [];
  const [boxPrompt] = boxes ?? [];
  return { ...others, ...(entities && { entity }), ...(boxes && { boxPrompt }) } as unknown as FileInput<Name, Batch>;
}

/** Calls `use` with the picture as a link or a data URL; with undefined when the input has none. */
export function withSource<T>(
  { picture }: Pick<ModelInput<StageName>, "picture">,
  use: (image: string | undefined) => Promise<T>,
): Promise<T> {
  return picture ? picture.withSource(use) : use(undefined);
}

type Lists = Readonly<Record<string, readonly unknown[] | undefined>>;
