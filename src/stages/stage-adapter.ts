import * as z from "zod/mini";
import { STAGES, type StageName } from "../../schemas/stages/index.ts";
import { predict } from "../providers/cog.ts";
import { type ModelAddress, StageError, type StageModel, type StageOutput } from "./stage-model.ts";

/** What a model file exports: for which provider it is, and how an address becomes a model. */
export interface StageAdapter<Name extends StageName> {
  readonly provider: string;
  /** Throws an `Error` that names what the address lacks. */
  create(address: ModelAddress, fetch: Parameters<typeof predict>[2]): StageModel<Name>;
}

/** A Cog container that speaks a stage's contract as it stands, as `functions/server.ts` does: nothing to translate either way. */
export function cogAdapter<Name extends StageName>(stage: Name, promptVersion: string): StageAdapter<Name> {
  return {
    provider: "cog",
    create({ entry, provider, model, version, endpoint, token }, fetch) {
      if (!endpoint) throw new Error("a cog entry needs an alias: cog:alias/model");
      return {
        entry,
        provider,
        promptVersion: version ? `${promptVersion}@${version}` : promptVersion,
        async run(input, signal) {
          const output = readOutput(stage, await predict({ endpoint, model, token }, input, fetch, signal));
          if (version && output.version !== version)
            throw new StageError("invalid_output", "answered as another version than the pinned one");
          return output;
        },
      };
    },
  };
}

/** What a model said, once it agrees with its stage's contract. Throws a `StageError`. */
export function readOutput<Name extends StageName>(stage: Name, output: unknown): StageOutput<Name> {
  const parsed = z.safeParse(STAGES[stage].output, output);
  if (parsed.success) return parsed.data as StageOutput<Name>;
  const at = parsed.error.issues[0]?.path.join("/") ?? "";
  throw new StageError("invalid_output", `answered something that is not a result of ${stage} (at /${at})`);
}
