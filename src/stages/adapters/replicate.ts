import type { StageName } from "../../../schemas/stages/index.ts";
import { cancelPrediction, predict, type ReplicateTarget, resumePrediction } from "../../providers/replicate.ts";
import type { ReplicateAddress } from "../../providers/replicate-client.ts";
import { callbackOf } from "../../providers/resumable.ts";
import type { FileInput, ModelAddress, ModelCard, ReplicateSchema, ResultOf, StageAdapter } from "../model.ts";
import { cardPrice } from "../prices/model-prices.ts";
import type { Calibration } from "./calibrate.ts";
import { createFromFile, type ModelFile, toFileInput } from "./model-file.ts";
import { outputFile } from "./output-file.ts";
import { withReplicateSource } from "./replicate-source.ts";

/** The price of a model whose hardware we do not know, the same for all. */
export const replicatePrice = cardPrice("replicate/");

/** A model file for a model at Replicate. */
export interface ReplicateModelFile<Name extends StageName, Batch extends number> extends ModelFile<Name, Batch> {
  /** `owner/name`. */
  readonly name: string;
  /** The version that an entry without `@` uses. Null for an official model, and when the entry must pin a version. */
  readonly version: string | null;
  /** The names of all inputs that `ask` returns. */
  readonly inputs: readonly string[];
  /** What `read` reads, for `npm run models -- check`. */
  readonly output?: NonNullable<ReplicateSchema["output"]>;
  readonly card: Omit<ModelCard, "batch" | "replicate" | "picture">;
  /** The prediction's input. */
  ask(input: FileInput<Name, Batch>): Record<string, unknown>;
  /** Reads the stage's result from the prediction's output. Throws a `StageError`. */
  read(output: unknown, input: FileInput<Name, Batch>, context: ReadContext): Promise<ResultOf<Name>> | ResultOf<Name>;
}

/** What `read` may use besides the output. */
export interface ReadContext {
  /** Downloads a file that the output names. Throws a `StageError`. */
  readonly download: (address: string) => Promise<Uint8Array>;
  readonly calibration: Calibration | undefined;
}

/**
 * A model at Replicate, called by `replicate/owner/name`, with `@` and a version's hash, or `@deployments/owner/name`.
 */
export function replicateAdapter<Name extends StageName, Batch extends number>(
  file: ReplicateModelFile<Name, Batch>,
): StageAdapter<Name> {
  const { name, batch, card } = file;
  return {
    serves: [{ provider: "replicate", names: [name] }],
    card: {
      ...card,
      batch,
      picture: "link",
      replicate: { version: file.version, inputs: file.inputs, ...(file.output && { output: file.output }) },
    },
    create(address, runtime) {
      const target = targetOf(address, file.version);
      const access = accessOf(address);
      const model = createFromFile(file, address, runtime, async (input, attempt, calibration) => {
        const { signal, deadline, later, spent, resumable } = attempt;
        const callback = callbackOf(resumable, (name) => runtime.openCallback?.("replicate", name) ?? null);
        const options = { signal, deadline, later, spent, callback, resumable };
        // A prediction that is known needs no picture, which may have to be uploaded.
        const { output, version } =
          (await resumePrediction(access, runtime, options)) ??
          (await withReplicateSource(input.picture, access, runtime, signal, (image) =>
            predict(access, target, file.ask(toFileInput(batch, input, image)), runtime, options),
          ));
        const context = { calibration, download: (url: string) => outputFile(url, runtime, signal) };
        const result = await file.read(output, toFileInput(batch, input), context);
        return { ...result, model: name, version: version ?? address.version ?? "unknown" };
      });
      const version = address.version ?? file.version ?? "official";
      return {
        ...model,
        promptVersion: `${file.promptVersion}@${version}`,
        uploadsPicture: true,
        cancel: async ({ id }) => (id === null ? undefined : cancelPrediction(access, id, runtime)),
      };
    },
  };
}

function targetOf({ model, version }: ModelAddress, preset: string | null): ReplicateTarget {
  const selected = version ?? preset;
  if (selected === null) return { model };
  return selected.startsWith("deployments/")
    ? { deployment: selected.slice("deployments/".length) }
    : { version: selected };
}

function accessOf({ endpoint, token }: ModelAddress): ReplicateAddress {
  if (!endpoint) throw new Error("a replicate entry needs an endpoint");
  return { endpoint, token: token ?? "" };
}
