import type { Span } from "../../../schemas/primitives.ts";
import type { Doubt, Mention } from "../../../schemas/stages/mner.ts";

/**
 * Where a model's answer is not sure: mentions with a lower score than the threshold, and places without a mention that
 * are free of one with a lower probability. A mention without a score is sure, because nothing says otherwise.
 */
export function doubtfulSpans(mentions: readonly Mention[], doubts: readonly Doubt[], threshold: number): Span[] {
  return [...mentions, ...doubts]
    .filter((place) => isUnsure(place, threshold))
    .map(({ start, end }) => ({ start, end }));
}

/**
 * The first model's mentions with the second's in the doubtful places: a doubtful mention is dropped, and those of the
 * second model are taken that touch a doubtful place and no mention of which the first is sure. A sure mention takes
 * the expression that the second model gives for it. Both have verified positions in one text; the result is in text
 * order.
 */
export function mergeReconsidered(
  first: readonly Mention[],
  second: readonly Mention[],
  doubtful: readonly Span[],
  threshold: number,
): Mention[] {
  const sure = first.filter((mention) => !isUnsure(mention, threshold));
  const touches = (places: readonly Span[], { start, end }: Span) =>
    places.some((place) => place.start < end && start < place.end);
  const taken = second.filter((mention) => touches(doubtful, mention) && !touches(sure, mention));
  const kept = sure.map((mention): Mention => {
    const same = second.find(
      ({ start, end, type }) => start === mention.start && end === mention.end && type === mention.type,
    );
    return same?.expression ? { ...mention, expression: same.expression } : mention;
  });
  return [...kept, ...taken].sort((a, b) => a.start - b.start || a.end - b.end);
}

function isUnsure({ score }: { readonly score: number | null }, threshold: number): boolean {
  return score !== null && score < threshold;
}
