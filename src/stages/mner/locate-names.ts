import { LIMITS } from "../../../schemas/limits.ts";
import type { Span } from "../../../schemas/primitives.ts";
import { type Folded, fold } from "./fold.ts";
import { isInsideWord } from "./whole-word.ts";

/** A name as a model lists it: its words, no place. */
export interface ListedName {
  readonly text: string;
  readonly type: string;
}

/** A name where the text writes it: UTF-16, half-open; `text` is that slice. */
export interface LocatedName extends ListedName, Span {}

/**
 * Where a text writes the names that a model lists, as whole words: the exact spelling, else one that folds to the
 * same. Every occurrence of a name with one type; of a name listed with several, the first listing's type for the first
 * occurrence, and so on. A place belongs to the longest name there. What the text does not write is left out. In text
 * order, none overlapping another.
 *
 * @param tokens where the text is these, joined by one space: a name then begins and ends with a token, but for the
 * mark of a handle
 */
export function locateNames(
  text: string,
  listed: readonly ListedName[],
  tokens: readonly string[] | null,
): LocatedName[] {
  const types = new Map<string, string[]>();
  for (const { text: name, type } of listed) {
    const bare = name.trim().replace(/^[@#＠＃]+\s*/u, "");
    if (!/[\p{L}\p{N}]/u.test(bare) || bare.length > LIMITS.nameLength) continue;
    const given = types.get(bare);
    if (given) given.push(type);
    else types.set(bare, [type]);
  }
  const taken = takenByLinks(text);
  const widen = tokens ? wideningTo(tokens) : (span: Span) => span;
  const located: LocatedName[] = [];
  const folded = fold(text);
  const isFree = ({ start, end }: Span) => !taken.subarray(start, end).includes(1);
  for (const [name, given] of [...types].sort(([a], [b]) => b.length - a.length)) {
    const exact = occurrencesOf(text, name).filter(isFree);
    const places = exact.length > 0 ? exact : foldedOccurrences(text, folded, name).filter(isFree);
    const several = new Set(given).size > 1;
    places.forEach((place, index) => {
      const type = several ? given[index] : given[0];
      const span = withoutMark(text, widen(place));
      if (type === undefined || !isFree(span)) return;
      taken.fill(1, span.start, span.end);
      located.push({ text: text.slice(span.start, span.end), ...span, type });
    });
  }
  return located.sort((a, b) => a.start - b.start);
}

/** Where a text writes a name exactly, as whole words, from left to right. */
function occurrencesOf(text: string, name: string): Span[] {
  const spans: Span[] = [];
  for (let start = text.indexOf(name); start >= 0; start = text.indexOf(name, start + 1)) {
    const end = start + name.length;
    if (isWhole(text, start, end) && start >= (spans.at(-1)?.end ?? 0)) spans.push({ start, end });
  }
  return spans;
}

/** Where a text writes a name in some spelling, as whole words, from left to right. */
export function foldedOccurrences(text: string, folded: Folded, name: string): Span[] {
  const { text: wanted } = fold(name);
  const spans: Span[] = [];
  if (wanted.trim() === "") return spans;
  for (let at = folded.text.indexOf(wanted); at >= 0; at = folded.text.indexOf(wanted, at + 1)) {
    const span = folded.sliceOf(at, at + wanted.length);
    if (span && isWhole(text, span.start, span.end) && span.start >= (spans.at(-1)?.end ?? 0)) spans.push(span);
  }
  return spans;
}

function isWhole(text: string, start: number, end: number): boolean {
  return !isInsideWord(text, start) && !isInsideWord(text, end);
}

/** Words of an address are no names. */
function takenByLinks(text: string): Uint8Array {
  const taken = new Uint8Array(text.length);
  for (const { 0: link, index } of text.matchAll(/https?:\/\/\S+/giu)) taken.fill(1, index, index + link.length);
  return taken;
}

/** The mark of a handle or a hashtag is no part of a name. */
export function withoutMark(text: string, { start, end }: Span): Span {
  const mark = /^[@#＠＃]+\s*(?=\S)/u.exec(text.slice(start, end))?.[0].length ?? 0;
  return { start: start + mark, end };
}

function wideningTo(tokens: readonly string[]): (span: Span) => Span {
  const spans: Span[] = [];
  let start = 0;
  for (const token of tokens) {
    spans.push({ start, end: start + token.length });
    start += token.length + 1;
  }
  return ({ start, end }) => ({
    start: spans.find((token) => token.end > start)?.start ?? start,
    end: spans.find((token) => token.end >= end)?.end ?? end,
  });
}
