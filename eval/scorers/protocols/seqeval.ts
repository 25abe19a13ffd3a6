import type { EvaluatedEntity } from "../../../schemas/evaluation.ts";
import { isSameSpan, matchedRows, matchInOrder, type Protocol } from "./protocol.ts";

/**
 * Mention recognition as seqeval counts it, in its default mode and by micro average: equal spans with equal types. A
 * span that a file has twice counts once, as labels cannot have it twice.
 */
export const SEQEVAL: Protocol = {
  name: "seqeval",
  tasks: ["mner"],
  byOffsets: true,
  count: ({ entities: gold }, { entities: predicted }) => {
    const [goldSpans, predictedSpans] = [withoutRepeated(gold), withoutRepeated(predicted)];
    const right = matchInOrder(goldSpans, predictedSpans, (a, b) => isSameSpan(a, b, "mner"));
    return matchedRows(goldSpans, predictedSpans, right);
  },
};

function withoutRepeated(entities: readonly EvaluatedEntity[]): EvaluatedEntity[] {
  return entities.filter((entity, index) => {
    return entities.findIndex((other) => isSameSpan(other, entity, "mner")) === index;
  });
}
