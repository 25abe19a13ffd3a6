import type { StageName } from "../../schemas/stages/index.ts";
import type { StageModel } from "../../src/stages/model.ts";

/** A model of a stage that answers what a test says: `run` gives its output without the model's name and version. */
export function modelOf<Name extends StageName>(
  run: (...call: Parameters<StageModel<Name>["run"]>) => object | Promise<object>,
  more: Partial<StageModel<Name>> = {},
): StageModel<Name> {
  return {
    entry: "test:model",
    provider: "cog",
    promptVersion: "1",
    batch: Number.POSITIVE_INFINITY,
    takesLinks: false,
    run: async (...call) => ({ model: "model", version: "1", ...(await run(...call)) }) as never,
    ...more,
  } as StageModel<Name>;
}
