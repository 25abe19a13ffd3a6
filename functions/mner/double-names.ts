import type { TaggedSpan } from "./lattice.ts";
import type { Word } from "./words.ts";

/**
 * Joins a person's double name that was tagged as two people: a hyphen touches both sides, one side is a single word
 * and the other has more ("Alex Oxlade" and "Chamberlain", "Mary" and "Kate Olsen"). Two single words stay two people
 * (Trump-Biden), and so do two full names. The probability of the whole is the smaller one.
 */
export function joinDoubleNames(spans: readonly TaggedSpan[], words: readonly Word[]): TaggedSpan[] {
  const joined: TaggedSpan[] = [];
  for (const span of spans) {
    const before = joined.at(-1);
    if (before && before.type === "PER" && span.type === "PER" && areOneName(before, span, words)) {
      joined.pop();
      joined.push({ ...before, to: span.to, probability: Math.min(before.probability, span.probability) });
    } else joined.push(span);
  }
  return joined;
}

function areOneName(before: TaggedSpan, span: TaggedSpan, words: readonly Word[]): boolean {
  // The tagger may count the hyphen as a part of the first name.
  const hyphen = span.from - 1;
  const touches = words[hyphen - 1]?.end === words[hyphen]?.start && words[hyphen]?.end === words[span.from]?.start;
  const follows = before.to === hyphen || before.to === span.from;
  const [left, right] = [hyphen - before.from, span.to - span.from];
  return words[hyphen]?.text === "-" && touches && follows && left + right > 2 && Math.min(left, right) === 1;
}
