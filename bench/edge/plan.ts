import type { PlannedCall } from "../bare/replay.ts";
import type { Profile, Setup, Stage } from "./setups.ts";

/** One call of a model that an answer needs. */
export interface NeededCall extends PlannedCall {
  readonly ms: number;
  /** Whether the model works on one call at a time. */
  readonly one: boolean;
}

/**
 * The fewest calls for a post with so many entities, each after the calls whose results it needs. The call that warms
 * segmentation needs nothing; the calls with boxes wait for it, as the model would.
 */
export function neededCalls(entities: number, setup: Setup, { ms }: Profile): readonly NeededCall[] {
  const calls: NeededCall[] = [];
  const add = (stage: Stage, after: readonly number[]): readonly number[] => {
    const model = setup.models[stage];
    if (model === null) return after;
    calls.push({ model, after, ms: ms[stage], one: setup.one });
    return [calls.length - 1];
  };
  /** The calls of a stage for all entities, each after those that its entities need; by entity. */
  const addParts = (stage: Stage, after: ReadonlyArray<readonly number[]>): ReadonlyArray<readonly number[]> => {
    const size = Math.min(setup.batch[stage], entities);
    return Array.from({ length: Math.ceil(entities / size) }, (_, part) => part * size).flatMap((first) => {
      const members = after.slice(first, first + size);
      const call = add(stage, [...new Set(members.flat())]);
      return members.map(() => call);
    });
  };
  const warm = setup.warms ? add("segmentation", []) : [];
  const mentions = add("mner", []);
  const expressions = addParts(
    "expansion",
    Array.from({ length: entities }, () => mentions),
  );
  const judged = addParts("entailment", expressions);
  const grounded = addParts("grounding", expressions);
  addParts(
    "segmentation",
    judged.map((call, entity) => [...warm, ...call, ...(grounded[entity] ?? [])]),
  );
  return calls;
}

/** RiVEG's order (arXiv 2402.09989): after the mentions, each entity's calls one after another, and nothing at once. */
export function rivegOrder(entities: number, { models }: Pick<Setup, "models">): readonly PlannedCall[] {
  const perEntity: readonly Stage[] = ["expansion", "entailment", "grounding", "segmentation"];
  const stages: readonly Stage[] = ["mner", ...Array.from({ length: entities }, () => perEntity).flat()];
  return stages.map((stage, place) => ({ model: models[stage] ?? stage, after: place === 0 ? [] : [place - 1] }));
}
