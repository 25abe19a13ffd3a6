import type { Box, StageEntity } from "../../../schemas/primitives.ts";
import type { GroundedRegion } from "../../../schemas/stages/grounding.ts";
import type { ResultOf } from "../adapters/replicate.ts";
import { StageError } from "../model.ts";

/** Entities by the phrase that each is looked for by. Two may share one. */
export type Phrases = ReadonlyMap<StageEntity, string>;

export function phrasesOf(entities: readonly StageEntity[], phrase: (entity: StageEntity) => string): Phrases {
  return new Map(entities.map((entity) => [entity, phrase(entity)]));
}

/** Each phrase once: of two that are the same to it, a model may give its boxes to one alone. */
export function labelsOf(phrases: Phrases): string[] {
  return [...new Map([...phrases.values()].map((phrase) => [folded(phrase), phrase])).values()];
}

/** A box that a model found for a label; null where it is none. */
export interface LabelledBox {
  readonly label: string;
  readonly box: Box | null;
  readonly score: number;
}

/**
 * What was found, given back to whom it was asked for, best first. Throws a `StageError` where a label is none of those
 * that were asked: whose box it is cannot be told.
 */
export function groundingsOf(phrases: Phrases, found: readonly LabelledBox[], method: string): ResultOf<"grounding"> {
  const labels = new Set([...phrases.values()].map(folded));
  if (found.some(({ label }) => !labels.has(folded(label))))
    throw new StageError("invalid_output", "answered with a label that nobody asked for");
  const sorted = found.toSorted((a, b) => b.score - a.score);
  const groundings = [...phrases].map(([{ id }, phrase]) => {
    const mine = sorted.filter(({ label }) => folded(label) === folded(phrase));
    return { id, regions: mine.flatMap(({ box, score }): GroundedRegion[] => (box ? [{ box, score, method }] : [])) };
  });
  return { groundings };
}

/** Tokenisers of these models fold cases, and hosts give back a label as it was or as it was read. */
function folded(text: string): string {
  return text.toLowerCase().trim();
}
