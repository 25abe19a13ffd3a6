import type { TaggedSpan } from "./lattice.ts";
import type { Word } from "./words.ts";

/**
 * Joins a person's two surnames: a full name, a hyphen that touches both sides, and one more word that was tagged as a
 * person of its own ("Alex Oxlade" and "Chamberlain"). Two single words stay two people (Trump-Biden). The probability
 * of the whole is the smaller one.
 */
export function joinDoubleNames(spans: readonly TaggedSpan[], words: readonly Word[]): TaggedSpan[] {
  const joined: TaggedSpan[] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    if (before && before.type === "PER" && span.type === "PER" && areSurnames(before, span, words)) {
      joined.pop();
      joined.push({ ...before, to: span.to, probability: Math.min(before.probability, span.probability) });
    } else joined.push(span);
  }
  return joined;
}

function areSurnames(before: TaggedSpan, span: TaggedSpan, words: readonly Word[]): boolean {
  // The tagger may count the hyphen as a part of the first name.
  const hyphen = span.from - 1;
  const touches = words[hyphen - 1]?.end === words[hyphen]?.start && words[hyphen]?.end === words[span.from]?.start;
  const follows = before.to === hyphen || before.to === span.from;
  return words[hyphen]?.text === "-" && touches && follows && hyphen - before.from > 1 && span.to - span.from === 1;
}
