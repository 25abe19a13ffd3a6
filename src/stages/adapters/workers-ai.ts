import type { StageName } from "../../../schemas/stages/index.ts";
import { runModel, type WorkersAi } from "../../providers/workers-ai.ts";
import type { StageInput, StageModel } from "../model.ts";
import { type ModelCard, type ModelTools, readOutput, type StageAdapter } from "../stage-adapter.ts";
import type { ResultOf } from "./replicate.ts";

/** What a model file says of a model on Workers AI that is no chat model. */
export interface WorkersAiModelFile<Name extends StageName> {
  readonly stage: Name;
  /** As the catalogue has it: `@cf/owner/name`. */
  readonly name: string;
  /** What else an entry may call it. */
  readonly alias: string;
  /** Changes whenever the way it is asked or read changes. */
  readonly promptVersion: string;
  readonly batch: number;
  readonly card: Omit<ModelCard, "batch" | "picture">;
  /** The run's input. */
  ask(input: StageInput<Name>): Record<string, unknown>;
  /** The stage's own result out of what the run answered. Throws a `StageError`. */
  read(output: unknown, input: StageInput<Name>): ResultOf<Name>;
  readonly more?: Pick<StageModel<Name>, "covers" | "looks">;
}

/**
 * A model on Workers AI, called by `workers-ai/alias` or `workers-ai/@cf/owner/name`, through the `AI` binding. It
 * follows links to the picture.
 */
export function workersAiAdapter<Name extends StageName>(file: WorkersAiModelFile<Name>): StageAdapter<Name> {
  const { stage, name, alias, promptVersion, batch, card, more } = file;
  return {
    serves: [{ provider: "workers-ai", models: new RegExp(`^(?:${alias}|${name.replaceAll(".", "\\.")})$`) }],
    card: { ...card, batch, picture: "link" },
    create({ entry, provider, version }, tools) {
      if (version !== null)
        throw new Error("a model on Workers AI has no version to pin: nothing may stand behind its @");
      const ai = aiOf(tools);
      return {
        entry,
        provider,
        promptVersion,
        batch,
        takesLinks: true,
        ...more,
        async run(input, { signal }) {
          const output = await runModel(ai, name, file.ask(input), signal);
          return readOutput(stage, { ...file.read(output, input), model: name, version: "unversioned" });
        },
      };
    },
  };
}

/** The `AI` binding. Throws an `Error` where there is none. */
export function aiOf({ ai }: ModelTools): WorkersAi {
  if (!ai)
    throw new Error('the Worker has no binding called AI: add [ai] binding = "AI" to its environment in wrangler.toml');
  return ai;
}
