import { STAGES, type StageName } from "../../../schemas/stages/index.ts";
import { type CogAddress, predict } from "../../providers/cog.ts";
import { type ModelAddress, StageError, type StageInput, type StageModel } from "../model.ts";
import { type Calibration, type ModelCard, readOutput, type StageAdapter } from "../stage-adapter.ts";
import type { ResultOf } from "./replicate.ts";

/**
 * A Cog container that speaks a stage's contract as it stands, as `functions/server.ts` does: nothing to translate
 * either way.
 */
export function cogAdapter<Name extends StageName>(
  stage: Name,
  promptVersion: string,
  more: Pick<StageModel<Name>, "covers"> = {},
): StageAdapter<Name> {
  return {
    serves: [{ provider: "cog", models: /^.+$/ }],
    card: {
      title: "any container that speaks the stage's contract over Cog's HTTP protocol",
      price: "what the host charges",
      maximumCostUsd: null,
      returns: `the ${stage} stage's own output (schemas/stages/${stage}.ts)`,
      cannot: "depends on the container; functions/README.md says what the embedded one cannot",
      batch: Number.POSITIVE_INFINITY,
      picture: STAGES[stage].picture === "required" ? "link" : "none",
    },
    create(address, tools) {
      const { entry, provider, version } = address;
      const at = placeOf(address);
      return {
        entry,
        provider,
        promptVersion: version ? `${promptVersion}@${version}` : promptVersion,
        batch: Number.POSITIVE_INFINITY,
        takesLinks: true,
        warms: true,
        ...more,
        async run(input, { signal }) {
          return pinned(readOutput(stage, await predict(at, input, tools, signal)), version);
        },
      };
    },
  };
}

/** What a model file says of a container that speaks a schema of its own. */
export interface CogModelFile<Name extends StageName> {
  readonly stage: Name;
  /** The model's name in an entry. */
  readonly name: string;
  readonly promptVersion: string;
  readonly batch: number;
  readonly card: Omit<ModelCard, "batch" | "price" | "maximumCostUsd" | "picture">;
  /** The prediction's input. */
  ask(input: StageInput<Name>): Record<string, unknown>;
  /** The stage's own result out of its output, and the version where the output names one. Throws a `StageError`. */
  read(
    output: unknown,
    input: StageInput<Name>,
    fitted: Calibration | undefined,
  ): ResultOf<Name> & { readonly version: string | undefined };
}

/** A model in a Cog container of somebody's own, called by `cog:alias/name`. */
export function cogModelAdapter<Name extends StageName>(file: CogModelFile<Name>): StageAdapter<Name> {
  const { stage, name, promptVersion, batch, card } = file;
  return {
    serves: [{ provider: "cog", models: new RegExp(`^${name}$`) }],
    card: { ...card, batch, price: "what the host charges", maximumCostUsd: null, picture: "link" },
    create(address, tools) {
      const { entry, provider, version } = address;
      const at = placeOf(address);
      return {
        entry,
        provider,
        promptVersion: version ? `${promptVersion}@${version}` : promptVersion,
        batch,
        takesLinks: true,
        async run(input, { signal }) {
          const fitted = tools.calibrations?.get(`${entry}#${promptVersion}`);
          const result = file.read(await predict(at, file.ask(input), tools, signal), input, fitted);
          return pinned(
            readOutput(stage, { ...result, model: name, version: result.version ?? "unversioned" }),
            version,
          );
        },
      };
    },
  };
}

function placeOf({ endpoint, model, token }: ModelAddress): CogAddress {
  if (!endpoint) throw new Error("a cog entry needs an alias: cog:alias/model");
  return { endpoint, model, token };
}

/** Throws a `StageError` where the answer is another version's than the pinned one. */
function pinned<Output extends { readonly version: string }>(output: Output, version: string | null): Output {
  if (version === null || output.version === version) return output;
  throw new StageError("invalid_output", "answered as another version than the pinned one");
}
