import { LIMITS } from "../../../schemas/limits.ts";
import { LINK } from "../../../schemas/post-text.ts";
import type { Span } from "../../../schemas/primitives.ts";
import type { WrittenExpression } from "../../../schemas/stages/expansion.ts";
import { tokenEndingFrom, tokenSpans } from "../../../schemas/tokens.ts";
import { type Folded, fold } from "./fold-text.ts";
import { nameWithin } from "./name-ends.ts";
import { isInsideWord } from "./whole-word.ts";

/** A name as a model lists it, without a position. */
export interface ListedName {
  readonly text: string;
  readonly type: string;
  /** What the name stands for, where the model tells; every occurrence has it. */
  readonly expression?: WrittenExpression;
}

/** An occurrence of a name: `text` is the text's slice from `start` to `end`, UTF-16 code units, half-open. */
export interface LocatedName extends ListedName, Span {}

/**
 * Finds the names that a model lists in a text, as whole words: in the exact spelling, else in one that folds to the
 * same. A name with one type gets every occurrence. Of a name listed with several types, the first type goes to the
 * first occurrence, and so on. The longest name wins a position. Names that the text does not contain are left out. The
 * result is in text order and does not overlap.
 *
 * @param tokens of a text that is tokens joined by single spaces: a name then begins and ends with a token, except for
 * the mark of a handle; null otherwise
 */
export function locateNames(
  text: string,
  listed: readonly ListedName[],
  tokens: readonly string[] | null,
): LocatedName[] {
  const names = new Map<string, ListedName[]>();
  for (const one of listed) {
    const bare = one.text.length > LIMITS.nameLength ? "" : bareName(one.text);
    if (bare === "") continue;
    const same = names.get(bare);
    if (same) same.push(one);
    else names.set(bare, [one]);
  }
  const taken = takenByLinks(text);
  const widen = tokens ? wideningTo(tokens) : (span: Span) => span;
  const located: LocatedName[] = [];
  const folded = fold(text);
  const isFree = ({ start, end }: Span) => !taken.subarray(start, end).includes(1);
  for (const [name, meanings] of [...names].sort(([a], [b]) => b.length - a.length)) {
    const exact = occurrencesOf(text, name).filter(isFree);
    const places = exact.length > 0 ? exact : foldedOccurrences(text, folded, name).filter(isFree);
    const several = new Set(meanings.map(({ type }) => type)).size > 1;
    places.forEach((place, index) => {
      const meaning = several ? meanings[index] : meanings[0];
      const span = withoutMark(text, widen(place));
      if (!meaning || !isFree(span)) return;
      taken.fill(1, span.start, span.end);
      located.push({ ...meaning, text: text.slice(span.start, span.end), ...span });
    });
  }
  return located.sort((a, b) => a.start - b.start);
}

/** A listed name without the symbols around it and without the mark of a handle; empty where nothing is left. */
export function bareName(listed: string): string {
  const span = nameWithin(listed);
  return span ? listed.slice(span.start, span.end).replace(/^[@#＠＃]+\s*/u, "") : "";
}

/** Whole-word occurrences of a name in its exact spelling, from left to right. */
function occurrencesOf(text: string, name: string): Span[] {
  const spans: Span[] = [];
  for (let start = text.indexOf(name); start >= 0; start = text.indexOf(name, start + 1)) {
    const end = start + name.length;
    if (isWhole(text, start, end) && start >= (spans.at(-1)?.end ?? 0)) spans.push({ start, end });
  }
  return spans;
}

/** Whole-word occurrences of a name in any spelling that folds to the same, from left to right. */
export function foldedOccurrences(text: string, folded: Folded, name: string): Span[] {
  const { text: foldedName } = fold(name);
  const spans: Span[] = [];
  if (foldedName.trim() === "") return spans;
  for (let at = folded.text.indexOf(foldedName); at >= 0; at = folded.text.indexOf(foldedName, at + 1)) {
    const span = folded.sliceOf(at, at + foldedName.length);
    if (!span || !isWhole(text, span.start, span.end) || span.start < (spans.at(-1)?.end ?? 0)) continue;
    let { start, end } = span;
    // An invisible character, such as the joiner of emoji, is no part of the name.
    while (end > start && /\p{Cf}/u.test(text[end - 1] ?? "")) end--;
    spans.push({ start, end });
  }
  return spans;
}

function isWhole(text: string, start: number, end: number): boolean {
  return !isInsideWord(text, start) && !isInsideWord(text, end);
}

const LINKS = new RegExp(LINK, "gu");

/** Marks the characters of links: words in them are not names. */
function takenByLinks(text: string): Uint8Array {
  const taken = new Uint8Array(text.length);
  for (const { 0: link, index } of text.matchAll(LINKS)) taken.fill(1, index, index + link.length);
  return taken;
}

/** The span without the mark of a handle or a hashtag. */
export function withoutMark(text: string, { start, end }: Span): Span {
  const mark = /^[@#＠＃]+\s*(?=\S)/u.exec(text.slice(start, end))?.[0].length ?? 0;
  return { start: start + mark, end };
}

/** Widens a span of a text that is tokens joined by single spaces to whole tokens. */
export function wideningTo(tokens: readonly string[]): (span: Span) => Span {
  const spans = tokenSpans(tokens);
  return ({ start, end }) => ({
    start: tokenEndingFrom(spans, start + 1)?.span.start ?? start,
    end: tokenEndingFrom(spans, end)?.span.end ?? end,
  });
}
