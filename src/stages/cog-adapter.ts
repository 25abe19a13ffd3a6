import type { StageName } from "../../schemas/stages/index.ts";
import { predict } from "../providers/cog.ts";
import { readOutput, type StageAdapter } from "./stage-adapter.ts";
import { StageError, type StageModel } from "./stage-model.ts";

/** Stages whose input has a picture. */
const VISUAL: ReadonlySet<StageName> = new Set(["picture", "caption", "entailment", "grounding", "segmentation"]);

/** A Cog container that speaks a stage's contract as it stands, as `functions/server.ts` does: nothing to translate either way. */
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
      picture: VISUAL.has(stage) ? "link" : "none",
    },
    create({ entry, provider, model, version, endpoint, token }, tools) {
      if (!endpoint) throw new Error("a cog entry needs an alias: cog:alias/model");
      return {
        entry,
        provider,
        promptVersion: version ? `${promptVersion}@${version}` : promptVersion,
        batch: Number.POSITIVE_INFINITY,
        takesLinks: true,
        warms: true,
        ...more,
        async run(input, { signal }) {
          const output = readOutput(stage, await predict({ endpoint, model, token }, input, tools, signal));
          if (version && output.version !== version)
            throw new StageError("invalid_output", "answered as another version than the pinned one");
          return output;
        },
      };
    },
  };
}
