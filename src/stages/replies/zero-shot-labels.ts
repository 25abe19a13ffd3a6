import type { Box, StageEntity } from "../../../schemas/primitives.ts";
import type { GroundedRegion } from "../../../schemas/stages/grounding.ts";
import { type ResultOf, StageError } from "../model.ts";

/** The phrase with which a detector searches for each entity. Two entities may share one. */
export type Phrases = ReadonlyMap<StageEntity, string>;

export function phrasesOf(entities: readonly StageEntity[], phrase: (entity: StageEntity) => string): Phrases {
  return new Map(entities.map((entity) => [entity, phrase(entity)]));
}

/** The different phrases, each once: a model may assign its boxes to only one of two equal phrases. */
export function labelsOf(phrases: Phrases): string[] {
  return [...new Map([...phrases.values()].map((phrase) => [folded(phrase), phrase])).values()];
}

/** A label with its box; null where the model's box is not valid. */
export interface LabelledBox {
  readonly label: string;
  readonly box: Box | null;
  readonly score: number;
}

/** Assigns labelled boxes to entities, best first. Throws a `StageError` for a label that was not requested. */
export function groundingsOf(phrases: Phrases, found: readonly LabelledBox[], method: string): ResultOf<"grounding"> {
  const labels = new Set([...phrases.values()].map(folded));
  if (found.some(({ label }) => !labels.has(folded(label))))
    throw new StageError("invalid_output", "answered with a label that was not asked for");
  const sorted = found.toSorted((a, b) => b.score - a.score);
  const groundings = [...phrases].map(([{ id }, phrase]) => {
    const hits = sorted.filter(({ label }) => folded(label) === folded(phrase));
    return { id, regions: hits.flatMap(({ box, score }): GroundedRegion[] => (box ? [{ box, score, method }] : [])) };
  });
  return { groundings };
}

/** Labels are compared in lower case: some hosts return them as the tokeniser reads them. */
function folded(text: string): string {
  return text.toLowerCase().trim();
}
