import * as z from "zod/mini";
import { LIMITS } from "../../../schemas/limits.ts";
import type { Box, StageEntity } from "../../../schemas/primitives.ts";
import { type ResultOf, StageError } from "../model.ts";
import { bestRegions } from "./best-regions.ts";

/** The phrase with which a detector searches for each entity. Two entities may share one. */
export type Phrases = ReadonlyMap<StageEntity, string>;

export function phrasesOf(entities: readonly StageEntity[], phrase: (entity: StageEntity) => string): Phrases {
  return new Map(entities.map((entity) => [entity, phrase(entity)]));
}

/** The different phrases, each once: a model may assign its boxes to only one of two equal phrases. */
export function labelsOf(phrases: Phrases): string[] {
  return [...new Map([...phrases.values()].map((phrase) => [folded(phrase), phrase])).values()];
}

/** A label in a detector's answer: the phrase that it was asked for. */
export const Label = z.string().check(z.maxLength(LIMITS.expressionLength));

/** A label with its box; null where the model's box is not valid. */
export interface LabelledBox {
  readonly label: string;
  readonly box: Box | null;
  readonly score: number;
}

/** Assigns labelled boxes to entities, best first. Throws a `StageError` for a label that was not requested. */
export function groundingsOf(phrases: Phrases, found: readonly LabelledBox[], method: string): ResultOf<"grounding"> {
  const byLabel = new Map([...phrases.values()].map((phrase) => [folded(phrase), [] as LabelledBox[]]));
  for (const labelled of found) {
    const same = byLabel.get(folded(labelled.label));
    if (!same) throw new StageError("invalid_output", "answered with a label that was not asked for");
    same.push(labelled);
  }
  const groundings = [...phrases].map(([{ id }, phrase]) => {
    const regions = (byLabel.get(folded(phrase)) ?? []).flatMap(({ box, score }) =>
      box ? [{ box, score, method }] : [],
    );
    return { id, regions: bestRegions(regions) };
  });
  return { groundings };
}

/** Labels are compared in lower case: some hosts return them as the tokeniser reads them. */
function folded(text: string): string {
  return text.toLowerCase().trim();
}
