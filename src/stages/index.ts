import type { StageName } from "../../schemas/stages/index.ts";
import { entriesOf } from "./adapters/entries.ts";
import { caption } from "./caption/index.ts";
import { entailment } from "./entailment/index.ts";
import { expansion } from "./expansion/index.ts";
import { grounding } from "./grounding/index.ts";
import { mner } from "./mner/index.ts";
import type { ModelAddress, StageModel } from "./model.ts";
import { picture } from "./picture/index.ts";
import { segmentation } from "./segmentation/index.ts";
import type { ModelTools, StageAdapter } from "./stage-adapter.ts";

/** Every model file of every stage. */
export const ADAPTERS: { readonly [Name in StageName]: readonly StageAdapter<Name>[] } = {
  picture,
  caption,
  mner,
  expansion,
  entailment,
  grounding,
  segmentation,
};

/** The model at an address. Throws an `Error` that says what is wrong with it. */
export function createModel<Name extends StageName>(
  stage: Name,
  address: ModelAddress,
  tools: ModelTools,
): StageModel<Name> {
  const adapters: readonly StageAdapter<Name>[] = ADAPTERS[stage];
  for (const adapter of adapters) {
    const served = adapter.serves.find(
      ({ provider, models }) => provider === address.provider && models.test(address.model),
    );
    if (served?.aliased && !address.aliased) {
      throw new Error(`is only reached behind an alias: ${address.provider}:alias/${address.model}`);
    }
    if (served) return adapter.create({ ...address, provider: served.provider }, tools);
  }
  // Two model files may serve names of one form.
  const known = new Set(adapters.flatMap(({ serves }) => serves.flatMap(entriesOf)));
  throw new Error(`no ${stage} model is called that; known: ${[...known].join(", ")}`);
}
