import type { EvaluatedEntity } from "../../schemas/evaluation.ts";
import type { PostPair } from "./pair-posts.ts";
import { matchInOrder } from "./protocols/protocol.ts";

/** A gold entity and the prediction of the same span, or one of the two alone. */
export type SpanMatch =
  | readonly [gold: EvaluatedEntity, predicted: EvaluatedEntity]
  | readonly [gold: EvaluatedEntity, predicted: null]
  | readonly [gold: null, predicted: EvaluatedEntity];

/**
 * Brings the entities of a post together by their spans, whatever their types: where two have one span, those with the
 * same type first. Spans are positions, or names where positions cannot be compared.
 */
export function matchSpans({ gold, predicted }: PostPair, byOffsets: boolean): SpanMatch[] {
  const isSame = (a: EvaluatedEntity, b: EvaluatedEntity) =>
    byOffsets ? a.start === b.start && a.end === b.end : a.text === b.text;
  const typed = matchInOrder(gold.entities, predicted.entities, (a, b) => a.type === b.type && isSame(a, b));
  if (typed.length === gold.entities.length && typed.length === predicted.entities.length) return typed;
  const left = (entities: readonly EvaluatedEntity[], taken: ReadonlyArray<readonly EvaluatedEntity[]>) => {
    const used = new Set(taken.flat());
    return entities.filter((entity) => !used.has(entity));
  };
  const untyped = matchInOrder(left(gold.entities, typed), left(predicted.entities, typed), isSame);
  const matched = [...typed, ...untyped];
  return [
    ...matched,
    ...left(gold.entities, matched).map((entity) => [entity, null] as const),
    ...left(predicted.entities, matched).map((entity) => [null, entity] as const),
  ];
}
