import type { StageName } from "../../../schemas/stages/index.ts";
import { fromDataUrl } from "../../image/data-url.ts";
import { predict, type ReplicateAddress, type ReplicateTarget, upload } from "../../providers/replicate.ts";
import { type ModelAddress, StageError, type StageInput, type StageModel, type StageOutput } from "../model.ts";
import {
  type Calibration,
  type ModelCard,
  type ModelTools,
  type ReplicateSchema,
  readOutput,
  type StageAdapter,
} from "../stage-adapter.ts";

/** A picture longer than this must not stand in an input (hosted-apis section 1.4). */
const INLINE_BYTES = 256 * 1024;

/**
 * A community model's price in words, and its bound: no call outlives a request's 30 seconds, for which the dearest
 * single card takes 0.046.
 */
export const replicatePrice = {
  price:
    "by the second of its hardware at Replicate, a T4's 0.000225 to an H100's 0.001525 (its price list, May 2026); published examples take 0.3 to 5 s warm (hosted-apis section 1.4)",
  maximumCostUsd: 0.05,
} as const;

/** What a model file says of a model at Replicate. */
export interface ReplicateModelFile<Name extends StageName> {
  readonly stage: Name;
  /** `owner/name`. */
  readonly name: string;
  /** The version that is asked when an entry pins none; null for an official model, which has none. */
  readonly version: string | null;
  /** Changes whenever the way it is asked or read changes. */
  readonly promptVersion: string;
  readonly batch: number;
  /** Every input that `ask` gives. */
  readonly inputs: readonly string[];
  /** What `read` reads, for `npm run models -- check`. */
  readonly output?: NonNullable<ReplicateSchema["output"]>;
  readonly card: Omit<ModelCard, "batch" | "replicate" | "picture">;
  /** The prediction's input. */
  ask(input: StageInput<Name>): Record<string, unknown>;
  /**
   * The stage's own result out of the prediction's output. Throws a `StageError`. `fitted`: constants for this entry
   * and prompt version.
   */
  read(
    output: unknown,
    input: StageInput<Name>,
    files: Files,
    fitted?: Calibration,
  ): Promise<ResultOf<Name>> | ResultOf<Name>;
  readonly more?: Pick<StageModel<Name>, "covers" | "looks">;
}

/** A stage's output without the model that gave it. */
export type ResultOf<Name extends StageName> = Omit<StageOutput<Name>, "model" | "version">;

/** Gets files that an output names. */
export interface Files {
  get(address: string): Promise<Uint8Array>;
}

/**
 * A model at Replicate, called by `replicate/owner/name`, with `@` and a version's hash, or `@deployments/owner/name`.
 * Its picture is a link; where it could not be followed and is too long to stand in the input, a file of the vendor's,
 * deleted again.
 */
export function replicateAdapter<Name extends StageName>(file: ReplicateModelFile<Name>): StageAdapter<Name> {
  const { stage, name, promptVersion, batch, card, more } = file;
  return {
    serves: [{ provider: "replicate", models: new RegExp(`^${name}$`) }],
    card: {
      ...card,
      batch,
      picture: "link",
      replicate: { version: file.version, inputs: file.inputs, ...(file.output && { output: file.output }) },
    },
    create(address, tools) {
      const { entry, provider } = address;
      const target = targetOf(address, file.version);
      const at = accessOf(address);
      return {
        entry,
        provider,
        promptVersion: `${promptVersion}@${address.version ?? file.version ?? "official"}`,
        batch,
        takesLinks: true,
        ...more,
        async run(input, { signal, deadline, later }) {
          const sent = await send(input, at, tools, signal);
          try {
            const options = { signal, deadline, later, callback: tools.openCallback?.() ?? null };
            const { output, version } = await predict(at, target, file.ask(sent.input), tools, options);
            const fitted = tools.calibrations?.get(`${entry}#${promptVersion}`);
            const result = await file.read(output, input, { get: (url) => download(url, tools, signal) }, fitted);
            return readOutput(stage, { ...result, model: name, version: version ?? address.version ?? "unknown" });
          } finally {
            later(sent.remove());
          }
        },
      };
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

/** The input as it may be sent, and how to take back what was uploaded for it. */
async function send<Name extends StageName>(
  input: StageInput<Name>,
  at: ReplicateAddress,
  tools: ModelTools,
  signal: AbortSignal,
): Promise<{ input: StageInput<Name>; remove: () => Promise<void> }> {
  const image = "image" in input ? input.image : undefined;
  const picture = image?.startsWith("data:") && image.length > INLINE_BYTES ? fromDataUrl(image) : null;
  if (!picture) return { input, remove: async () => {} };
  const file = new Blob([picture.bytes as Uint8Array<ArrayBuffer>], { type: picture.type });
  const { url, remove } = await upload(at, file, tools, signal);
  return { input: { ...input, image: url }, remove };
}

/** A file of an output lives an hour at most: it is got at once, a data URL as it stands. */
async function download(address: string, tools: ModelTools, signal: AbortSignal): Promise<Uint8Array> {
  const inline = fromDataUrl(address);
  if (inline) return inline.bytes;
  try {
    return await tools.download(address, signal);
  } catch {
    throw signal.aborted
      ? new StageError("timeout", "gave its file too late")
      : new StageError("failed", "named a file that cannot be had");
  }
}
