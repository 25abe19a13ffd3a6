import type { TaggedSpan } from "./lattice.ts";
import type { Word } from "./words.ts";

/** A handle or a hashtag, and its name as the words that a sentence would write. */
export interface MarkedName {
  /** Index of its first word: the mark, or the mark and the name together. */
  readonly from: number;
  /** Index after its last word. */
  readonly to: number;
  readonly parts: readonly string[];
}

/** Least probability of a name that only the second reading found. */
const LEAST = 0.5;

/** Handles and hashtags of one post that are read as words. A post with more is a list of them. */
const MOST_NAMES = 64;
/** Words after the last of them that are read with it. */
const CONTEXT = 32;

/** "EileenCollins" is "Eileen" and "Collins"; "NBA2K17" is "NBA", "2", "K" and "17". */
const PART = /\p{Lu}+(?!\p{Ll})|\p{Lu}?[\p{Ll}\p{M}]+|\p{N}+|[^\p{Lu}\p{Ll}\p{N}\p{M}_]+/gu;

/** Words before the author of a retweet. That handle tells who wrote the post; it names nobody in it. */
const BEFORE_AUTHOR = /^(?:RT|MT|via)$/iu;

/**
 * The handles and hashtags whose names can be read as words, in order; not the author of a retweet.
 *
 * @param marksApart whether a lone mark belongs to the word behind it, as in corpora that come as tokens
 */
export function markedNames(words: readonly Word[], marksApart: boolean): MarkedName[] {
  const names = words.flatMap(({ text }, index): MarkedName[] => {
    const next = words[index + 1];
    const apart = marksApart && /^[@#]$/u.test(text) && next !== undefined && /^[\p{L}\p{N}]/u.test(next.text);
    const name = apart ? next.text : /^[@#]./su.test(text) ? text.slice(1) : "";
    if (!/\p{L}/u.test(name) || (text.startsWith("@") && BEFORE_AUTHOR.test(words[index - 1]?.text ?? ""))) return [];
    return [{ from: index, to: index + (apart ? 2 : 1), parts: name.match(PART) ?? [] }];
  });
  return names.slice(0, MOST_NAMES);
}

/**
 * The words up to some after the last marked name, with each marked name replaced by its parts, and where those stand.
 * The tagger reads a handle or a hashtag as one rare word; as the words of a sentence it knows most of them.
 */
export function spellOut(words: readonly Word[], names: readonly MarkedName[]) {
  const spelled: Word[] = [];
  const places: Array<{ from: number; to: number }> = [];
  let read = 0;
  for (const { from, to, parts } of names) {
    spelled.push(...words.slice(read, from));
    const first = spelled.length;
    const [start, end] = [words[from]?.start ?? 0, words[to - 1]?.end ?? 0];
    spelled.push(...parts.map((text) => ({ text, start, end })));
    places.push({ from: first, to: spelled.length });
    read = to;
  }
  spelled.push(...words.slice(read, read + CONTEXT));
  return { words: spelled, places };
}

/**
 * The spans of the first reading, and those marked names that it left out and the second reading found: as one name
 * from the first part to the last.
 */
export function withMarkedNames(
  spans: readonly TaggedSpan[],
  names: readonly MarkedName[],
  places: ReadonlyArray<{ from: number; to: number }>,
  spelledSpans: readonly TaggedSpan[],
): TaggedSpan[] {
  const added = names.flatMap(({ from, to }, index): TaggedSpan[] => {
    const place = places[index];
    const found = spelledSpans.find((span) => span.from === place?.from && span.to === place.to);
    if (!found || found.probability < LEAST) return [];
    if (spans.some((span) => span.from < to && from < span.to)) return [];
    return [{ ...found, from, to }];
  });
  return [...spans, ...added].sort((a, b) => a.from - b.from);
}
