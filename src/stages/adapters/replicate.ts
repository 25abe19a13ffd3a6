import type { StageName } from "../../../schemas/stages/index.ts";
import { fromDataUrl } from "../../image/data-url.ts";
import { predict, type ReplicateTarget } from "../../providers/replicate.ts";
import type { ReplicateAddress } from "../../providers/replicate-client.ts";
import {
  type FileInput,
  type ModelAddress,
  type ModelCard,
  type ModelRuntime,
  type ReplicateSchema,
  type ResultOf,
  type StageAdapter,
  StageError,
} from "../model.ts";
import type { Calibration } from "./calibrate.ts";
import { createFromFile, type ModelFile, toFileInput } from "./model-file.ts";
import { withReplicateSource } from "./replicate-source.ts";

/**
 * A community model's price in words. Its maximum: no call outlives a request's 30 seconds, which cost USD 0.046 on the
 * most expensive single card.
 */
export const replicatePrice = {
  price:
    "by the second of its hardware, from a T4's USD 0.000225 to an H100's 0.001525 (replicate.com/pricing, May 2026); published examples take 0.3 to 5 s warm",
  maximumCostUsd: 0.05,
} as const;

/** What a model file states about a model at Replicate. */
export interface ReplicateModelFile<Name extends StageName, Batch extends number> extends ModelFile<Name, Batch> {
  /** `owner/name`. */
  readonly name: string;
  /** Null for an official model, which has none, and where the entry must pin one. */
  readonly version: string | null;
  /** Every input that `ask` gives. */
  readonly inputs: readonly string[];
  /** What `read` reads, for `npm run models -- check`. */
  readonly output?: NonNullable<ReplicateSchema["output"]>;
  readonly card: Omit<ModelCard, "batch" | "replicate" | "picture">;
  /** The prediction's input. */
  ask(input: FileInput<Name, Batch>): Record<string, unknown>;
  /** The stage's result out of the prediction's output. Throws a `StageError`. */
  read(output: unknown, input: FileInput<Name, Batch>, context: ReadContext): Promise<ResultOf<Name>> | ResultOf<Name>;
}

/** What reading an output may need besides the output. */
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
      const at = accessOf(address);
      const model = createFromFile(file, address, runtime, async (input, { signal, deadline, later }, calibration) => {
        const { output, version } = await withReplicateSource(input.picture, at, runtime, signal, (image) => {
          const options = { signal, deadline, later, callback: runtime.openCallback?.() ?? null };
          return predict(at, target, file.ask(toFileInput(batch, input, image)), runtime, options);
        });
        const context = { calibration, download: (url: string) => download(url, runtime, signal) };
        const result = await file.read(output, toFileInput(batch, input), context);
        return { ...result, model: name, version: version ?? address.version ?? "unknown" };
      });
      const version = address.version ?? file.version ?? "official";
      return { ...model, promptVersion: `${file.promptVersion}@${version}`, uploadsPicture: true };
    },
  };
}

function targetOf({ model, version }: ModelAddress, known: string | null): ReplicateTarget {
  const asked = version ?? known;
  if (asked === null) return { model };
  return asked.startsWith("deployments/") ? { deployment: asked.slice("deployments/".length) } : { version: asked };
}

function accessOf({ endpoint, token }: ModelAddress): ReplicateAddress {
  if (!endpoint) throw new Error("a replicate entry needs an endpoint");
  return { endpoint, token: token ?? "" };
}

/** A file of an output: downloaded at once, as it expires within the hour, or decoded from a data URL. */
async function download(address: string, runtime: ModelRuntime, signal: AbortSignal): Promise<Uint8Array> {
  const inline = fromDataUrl(address);
  if (inline) return inline.bytes;
  try {
    return await runtime.download(address, signal);
  } catch {
    throw signal.aborted
      ? new StageError("timeout", "delivered its output file too late")
      : new StageError("failed", "named an output file that could not be downloaded");
  }
}
