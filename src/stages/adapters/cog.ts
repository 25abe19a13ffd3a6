import { STAGE_EXAMPLES } from "../../../schemas/stages/examples.ts";
import { STAGES, type StageName } from "../../../schemas/stages/index.ts";
import { type CogAddress, predict } from "../../providers/cog.ts";
import { cogHost } from "../../providers/cog-host.ts";
import {
  type FileInput,
  type ModelAddress,
  type ModelCard,
  type ResultOf,
  type StageAdapter,
  StageError,
  type StageModel,
} from "../model.ts";
import { countOf, readOutput } from "../replies/read-output.ts";
import { ANY_NAME } from "../served.ts";
import type { Calibration } from "./calibrate.ts";
import { createFromFile, type ModelFile, toFileInput, withSource } from "./model-file.ts";

const PRICE = "what the host charges";

/**
 * A Cog container that implements a stage's contract, as `functions/server.ts` does: a prediction takes the stage's
 * input and returns the stage's output.
 */
export function cogAdapter<Name extends StageName>(
  stage: Name,
  promptVersion: string,
  abilities: Pick<StageModel<Name>, "covers"> = {},
): StageAdapter<Name> {
  const fields = STAGES[stage].input.shape;
  return {
    serves: [{ provider: "cog", families: [ANY_NAME] }],
    card: {
      title: "any container that speaks the stage's contract over Cog's HTTP protocol",
      price: PRICE,
      maximumCostUsd: null,
      returns: `the ${stage} stage's own output (schemas/stages/${stage}.ts)`,
      cannot: "depends on the container; functions/README.md says what the embedded one cannot",
      batch: Number.POSITIVE_INFINITY,
      picture: STAGES[stage].picture === "none" ? "none" : "link",
    },
    create(address, runtime) {
      const { entry, provider, version } = address;
      const container = containerAt(address);
      return {
        entry,
        provider,
        promptVersion: versioned(promptVersion, version),
        batch: Number.POSITIVE_INFINITY,
        warms: true,
        host: cogHost(container, runtime),
        ...abilities,
        async run({ picture, ...rest }, { signal, post, spent, resumable }) {
          const size = picture && "size" in fields ? { size: picture.size } : {};
          const output = await withSource({ picture }, (image) => {
            const input = { ...rest, ...(image !== undefined && { image }), ...size };
            return predict(container, input, runtime, signal, { admission: post, key: resumable?.key, spent });
          });
          const expected = { asked: countOf(stage, rest), example: STAGE_EXAMPLES[stage].output };
          return pinned(readOutput(stage, output, expected), version);
        },
      };
    },
  };
}

/** A model file for a container with a schema of its own. */
export interface CogModelFile<Name extends StageName, Batch extends number> extends ModelFile<Name, Batch> {
  /** The model's name in an entry. */
  readonly name: string;
  readonly card: Omit<ModelCard, "batch" | "price" | "maximumCostUsd" | "picture">;
  /** The prediction's input. */
  ask(input: FileInput<Name, Batch>): Record<string, unknown>;
  /** Reads the stage's result from the output, and the version if the output names one. Throws a `StageError`. */
  read(
    output: unknown,
    input: FileInput<Name, Batch>,
    calibration: Calibration | undefined,
  ): ResultOf<Name> & { readonly version: string | undefined };
}

/** A model in a Cog container of the operator's own, called by `cog:alias/name`. */
export function cogModelAdapter<Name extends StageName, Batch extends number>(
  file: CogModelFile<Name, Batch>,
): StageAdapter<Name> {
  const { name, batch, card } = file;
  return {
    serves: [{ provider: "cog", names: [name] }],
    card: { ...card, batch, price: PRICE, maximumCostUsd: null, picture: "link" },
    create(address, runtime) {
      const container = containerAt(address);
      const model = createFromFile(file, address, runtime, async (input, { signal, spent, resumable }, calibration) => {
        const output = await withSource(input, (image) =>
          predict(container, file.ask(toFileInput(batch, input, image)), runtime, signal, {
            key: resumable?.key,
            spent,
          }),
        );
        const result = file.read(output, toFileInput(batch, input), calibration);
        return pinned({ ...result, model: name, version: result.version ?? "unversioned" }, address.version);
      });
      return { ...model, promptVersion: versioned(file.promptVersion, address.version) };
    },
  };
}

function versioned(promptVersion: string, version: string | null): string {
  return version === null ? promptVersion : `${promptVersion}@${version}`;
}

function containerAt({ endpoint, model, token }: ModelAddress): CogAddress {
  if (!endpoint) throw new Error("a cog entry needs an alias: cog:alias/model");
  return { endpoint, model, token };
}

/** Throws a `StageError` when another version than the pinned one answered. */
function pinned<Output extends { readonly version: string }>(output: Output, version: string | null): Output {
  if (version === null || output.version === version) return output;
  throw new StageError("invalid_output", "answered as another version than the pinned one");
}
