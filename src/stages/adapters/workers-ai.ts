import type { StageName } from "../../../schemas/stages/index.ts";
import { usageIn } from "../../providers/usage.ts";
import { runModel, type WorkersAi } from "../../providers/workers-ai.ts";
import type { FileInput, ModelCard, ModelRuntime, ResultOf, StageAdapter } from "../model.ts";
import { createFromFile, type ModelFile, toFileInput, withSource } from "./model-file.ts";

/** What a model file states about a model on Workers AI that is not a chat model. */
export interface WorkersAiModelFile<Name extends StageName, Batch extends number> extends ModelFile<Name, Batch> {
  /** As the catalogue has it: `@cf/owner/name`. */
  readonly name: string;
  /** A shorter name for entries. */
  readonly alias: string;
  readonly card: Omit<ModelCard, "batch" | "picture">;
  /** The run's input. */
  ask(input: FileInput<Name, Batch>): Record<string, unknown>;
  /** The stage's result out of the run's output. Throws a `StageError`. */
  read(output: unknown, input: FileInput<Name, Batch>): ResultOf<Name>;
}

/** A model on Workers AI, called by `workers-ai/alias` or `workers-ai/@cf/owner/name`, through the `AI` binding. */
export function workersAiAdapter<Name extends StageName, Batch extends number>(
  file: WorkersAiModelFile<Name, Batch>,
): StageAdapter<Name> {
  const { name, alias, batch, card } = file;
  return {
    serves: [{ provider: "workers-ai", names: [alias, name] }],
    card: { ...card, batch, picture: "link" },
    create(address, runtime) {
      if (address.version !== null)
        throw new Error("a model on Workers AI has no version to pin: nothing may stand behind its @");
      const ai = aiOf(runtime);
      return createFromFile(file, address, runtime, async (input, { signal, spent }) => {
        const output = await withSource(input, (image) =>
          runModel(ai, name, file.ask(toFileInput(batch, input, image)), signal),
        );
        spent?.(usageIn(output));
        return { ...file.read(output, toFileInput(batch, input)), model: name, version: "unversioned" };
      });
    },
  };
}

/** The `AI` binding. Throws an `Error` where there is none. */
export function aiOf({ ai }: Pick<ModelRuntime, "ai">): WorkersAi {
  if (!ai)
    throw new Error('the Worker has no binding called AI: add [ai] binding = "AI" to its environment in wrangler.toml');
  return ai;
}
