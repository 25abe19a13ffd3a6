import type { StageName } from "../../schemas/stages/index.ts";
import { isLoopback } from "../net/provider-fetch.ts";
import { caption } from "./caption/index.ts";
import { embedding } from "./embedding/index.ts";
import { entailment } from "./entailment/index.ts";
import { expansion } from "./expansion/index.ts";
import { grounding } from "./grounding/index.ts";
import { knowledge } from "./knowledge/index.ts";
import { mner } from "./mner/index.ts";
import type { ModelAddress, ModelCard, ModelRuntime, StageAdapter, StageModel } from "./model.ts";
import { picture } from "./picture/index.ts";
import { modelPrice } from "./prices/model-prices.ts";
import { segmentation } from "./segmentation/index.ts";
import { findAdapter } from "./served.ts";

/** Every model file of every stage. */
export const ADAPTERS: { readonly [Name in StageName]: readonly StageAdapter<Name>[] } = {
  picture,
  caption,
  embedding,
  knowledge,
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
  runtime: ModelRuntime,
): StageModel<Name> {
  const adapters: readonly StageAdapter<Name>[] = ADAPTERS[stage];
  const { adapter, provider } = findAdapter(stage, adapters, address);
  const takesLinks = followsLinks(adapter.card, address, runtime.publicUrl ?? null);
  const price = modelPrice(address, runtime.prices ?? new Map());
  return { ...adapter.create({ ...address, provider }, runtime), takesLinks, price };
}

/**
 * Whether a model gets links to pictures instead of their bytes. Every host reaches a public Worker; only hosts on the
 * same machine reach a Worker on a loopback address.
 */
function followsLinks({ picture, localData }: ModelCard, { endpoint }: ModelAddress, publicUrl: URL | null): boolean {
  if (picture !== "link" || !publicUrl) return false;
  const local = endpoint !== null && isLoopback(endpoint);
  if (local && localData) return false;
  return local || !isLoopback(publicUrl);
}
