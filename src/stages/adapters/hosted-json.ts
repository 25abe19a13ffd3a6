import type { ProviderName } from "../../../schemas/providers.ts";
import type { StageName } from "../../../schemas/stages/index.ts";
import { type Usage, usageIn } from "../../providers/usage.ts";
import {
  type AttemptOptions,
  type FileInput,
  type ModelCard,
  type ModelRuntime,
  type ResultOf,
  type ServedAddress,
  type StageAdapter,
  StageError,
} from "../model.ts";
import { createFromFile, type ModelFile, toFileInput, withSource } from "./model-file.ts";
import { outputFile } from "./output-file.ts";

/** A model file for a host that takes one JSON object and answers with one. */
export interface HostedJsonFile<Name extends StageName, Batch extends number> extends ModelFile<Name, Batch> {
  /** As the host names them; an entry has one of these after its provider. */
  readonly names: readonly string[];
  readonly card: Omit<ModelCard, "batch" | "picture">;
  /** The call's input. */
  ask(input: FileInput<Name, Batch>): Record<string, unknown>;
  /** Reads the stage's result from the host's output. Throws a `StageError`. */
  read(output: unknown, input: FileInput<Name, Batch>, context: ReadContext): Promise<ResultOf<Name>> | ResultOf<Name>;
  /** What the host reports in its output about the call's cost; `usageIn` where absent. */
  readonly usage?: (output: unknown) => Usage;
}

/** What `read` may use besides the output. */
export interface ReadContext {
  /** The bytes of a file that the output names. Throws a `StageError`. */
  readonly download: (address: string) => Promise<Uint8Array>;
}

/** An address at which a host can be reached. */
export type ReachedAddress = ServedAddress & { readonly endpoint: URL };

/** Sends one input to the model at an address and returns its output as it came. Throws a `StageError`. */
export type SendInput = (
  address: ReachedAddress,
  input: Record<string, unknown>,
  runtime: ModelRuntime,
  attempt: AttemptOptions,
) => Promise<unknown>;

/** A kind of host. */
interface JsonHost {
  readonly provider: ProviderName;
  /** How the host is given the picture. */
  readonly picture: "link" | "data";
  readonly send: SendInput;
  /** Cancels a call that the host does behind its request. Never rejects. */
  readonly cancel?: (address: ReachedAddress, id: string, runtime: ModelRuntime) => Promise<void>;
}

/**
 * A model at a host of this kind, called by `provider/name` or `provider:alias/name`. It reports what a call used,
 * also of one whose answer was lost after it had begun.
 */
export function hostedJsonAdapter<Name extends StageName, Batch extends number>(
  { provider, picture, send, cancel }: JsonHost,
  file: HostedJsonFile<Name, Batch>,
): StageAdapter<Name> {
  const { names, batch, card, usage = usageIn } = file;
  return {
    serves: [{ provider, names }],
    card: { ...card, batch, picture },
    create(address, runtime) {
      const { endpoint, model, version } = address;
      if (!endpoint) throw new Error(`a ${provider} entry needs an endpoint`);
      if (version !== null)
        throw new Error(`a model at ${provider} has no version to pin: nothing may stand behind its @`);
      const made = createFromFile(file, address, runtime, async (input, attempt) => {
        const output = await withSource(input, (image) =>
          send({ ...address, endpoint }, file.ask(toFileInput(batch, input, image)), runtime, attempt),
        ).catch((error: unknown) => {
          if (error instanceof StageError && error.charged) attempt.spent?.({});
          throw error;
        });
        attempt.spent?.(usage(output));
        const context = { download: (url: string) => outputFile(url, runtime, attempt.signal) };
        const result = await file.read(output, toFileInput(batch, input), context);
        return { ...result, model, version: "unversioned" };
      });
      if (!cancel) return made;
      const reached = { ...address, endpoint };
      return { ...made, cancel: async ({ id }) => (id === null ? undefined : cancel(reached, id, runtime)) };
    },
  };
}
