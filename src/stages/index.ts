import type { StageName } from "../../schemas/stages/index.ts";
import { entailment } from "./entailment/index.ts";
import { expansion } from "./expansion/index.ts";
import { grounding } from "./grounding/index.ts";
import { mner } from "./mner/index.ts";
import { picture } from "./picture/index.ts";
import { segmentation } from "./segmentation/index.ts";
import type { StageAdapter } from "./stage-adapter.ts";
import type { ModelAddress, StageModel } from "./stage-model.ts";

const ADAPTERS: { readonly [Name in StageName]: readonly StageAdapter<Name>[] } = {
  picture,
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
  fetch: Parameters<StageAdapter<Name>["create"]>[1],
): StageModel<Name> {
  const adapters: readonly StageAdapter<Name>[] = ADAPTERS[stage];
  const adapter = adapters.find(({ provider }) => provider === address.provider);
  if (!adapter)
    throw new Error(`no ${stage} model speaks "${address.provider}"; known: ${adapters.map(({ provider }) => provider).join(", ")}`);
  return adapter.create(address, fetch);
}
