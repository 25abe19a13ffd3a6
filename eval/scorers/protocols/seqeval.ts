import { offsetKey, type Protocol } from "./protocol.ts";

/**
 * Mention recognition as seqeval counts it, in its default mode and by micro average: equal spans with equal types. A
 * span that a file has twice counts once, as labels cannot have it twice.
 */
export const SEQEVAL: Protocol = {
  name: "seqeval",
  tasks: ["mner"],
  byOffsets: true,
  count: (gold, predicted) => {
    const spansOf = ({ entities }: typeof gold) =>
      new Map(entities.map((entity) => [offsetKey(entity, "mner"), entity.type] as const));
    const [goldSpans, predictedSpans] = [spansOf(gold), spansOf(predicted)];
    return {
      right: [...predictedSpans].flatMap(([key, type]) => (goldSpans.has(key) ? [type] : [])),
      predicted: [...predictedSpans.values()],
      gold: [...goldSpans.values()],
    };
  },
};
