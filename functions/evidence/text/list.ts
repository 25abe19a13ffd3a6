import type { Item } from "./items.ts";
import { endsSentence, TITLES, textAt } from "./stated.ts";

/** A listed person: the indices of the names that it is written with, or null for one without a known name. */
export type Listed = readonly number[] | null;

/** A listed person; or `none`: a description; `unclear`: perhaps a person; `end`: too long for a list. */
type Read = Listed | "none" | "unclear" | "end";

/** A run of items between two separators, half-open, and whether "and" or a sign for it stood before it. */
interface Segment {
  readonly start: number;
  readonly end: number;
  readonly afterAnd: boolean;
}

/** More items than a list of 100 names needs. Bounds what one list costs. */
const MOST_ITEMS = 800;
/** A longer run of words without a name is no person, and ends the list. */
const MOST_WORDS = 6;
const COMMAS = /^[,;/|+•·→➡>、]$/u;
const ANDS = /^(and|&|then|plus|y|und|et|e)$/;
const DASHES = /^[–—]$/u;
/** People whom a post names without a name. */
const SOMEBODY = new Set(
  `me myself i you us mom mum mama dad papa mother father sister brother grandma grandpa son daughter wife husband
  friend friends guest unknown unidentified somebody someone`.split(/\s+/),
);
const SOMEBODYS = /^(my|our|his|her|their|your|yours|some|another|an|a)$/;
/** A name after one of these belongs to a description: "mayor of Lima". */
const LINKS = /^(of|from|at|in|by|for|to|as|near|on|than|about|after|de|del)$/;
/** Words that may stand before a name without hiding it. */
const MOST_WORDS_BEFORE = 4;

/**
 * The list that begins at an index and goes to the end of its sentence or parenthesis, or to `stop`. Whoever is listed
 * without a known name ("my mom", "Berta" when only Ana is an entity) takes a place; a description between commas
 * ("mayor of Lima", "NASA", "36") takes none. Empty where nothing tells which of both words between two people are
 * ("singer").
 */
export function readList(items: readonly Item[], start: number, stop: (at: number) => boolean): Listed[] {
  const segments = segmentsOf(items, start, stop);
  const lowerCase = !segments.some(({ start: from, end }) => items.slice(from, end).some((item) => item.capital));
  const listed: Listed[] = [];
  let closed = false;
  let unclear = false;
  for (const segment of segments) {
    if (closed && !segment.afterAnd && !beginsWithName(items, segment)) break;
    const person = personIn(items, segment, lowerCase);
    if (person === "end") break;
    if (person === "unclear") unclear = true;
    if (typeof person === "string") continue;
    if (unclear) return [];
    listed.push(person);
    closed ||= segment.afterAnd;
  }
  return listed;
}

/**
 * The list that ends before an index, at most back to `least`. It begins with the first name, because what stands
 * before it ("Great night with") is no list. Empty when something other than a person stands at its end.
 */
export function readListBefore(items: readonly Item[], end: number, least: number): Listed[] {
  let start = end;
  while (start > Math.max(least, end - MOST_ITEMS) && !startsAfter(items, start - 1)) start--;
  const segments = segmentsOf(items, start, (at) => at >= end);
  const last = segments.at(-1);
  if (!last || last.end < end - 1) return [];
  const lowerCase = !segments.some((segment) => items.slice(segment.start, segment.end).some((item) => item.capital));
  const listed: Listed[] = [];
  for (const segment of segments) {
    if (listed.length === 0) {
      const names = items.slice(segment.start, segment.end).filter((item) => item.kind === "name");
      const final = names.at(-1);
      if (final && !isOwner(items, items.indexOf(final, segment.start))) listed.push(final.names);
      continue;
    }
    const person = personIn(items, segment, lowerCase);
    if (person === "end" || person === "unclear") return [];
    if (person !== "none") listed.push(person);
  }
  const person = personIn(items, last, lowerCase);
  const closes = items[last.end - 1]?.kind === "name" || (person === null && !isDescribed(items, last));
  return closes ? listed : [];
}

/** Whether a list may begin after the item at this index, whatever stands before. */
function startsAfter(items: readonly Item[], at: number): boolean {
  return endsSentence(items, at) || textAt(items, at) === ":" || DASHES.test(textAt(items, at));
}

function isDescribed(items: readonly Item[], { start, end }: Segment): boolean {
  return items.slice(start, end).some(({ kind }) => kind === "name");
}

function segmentsOf(items: readonly Item[], start: number, stop: (at: number) => boolean): Segment[] {
  const segments: Segment[] = [];
  const most = Math.min(items.length, start + MOST_ITEMS);
  let from = start;
  let afterAnd = false;
  let bySemicolon: boolean | null = null;
  let byLine: boolean | null = null;
  const close = (end: number) => {
    if (end > from) segments.push({ start: from, end, afterAnd });
    if (end > from) afterAnd = false;
  };
  let at = start;
  for (; at < most; at++) {
    const text = textAt(items, at);
    if (stop(at) || endsSentence(items, at) || DASHES.test(text) || /^[)\]:]$/.test(text)) break;
    if (at > from && isNextPerson(items, at)) {
      close(at);
      from = at;
    } else if (text === "(" || text === "[") {
      at = closing(items, at, most);
    } else if (text === "\n") {
      byLine ??= segments.length === 0;
      if (!byLine) break;
      close(at);
      from = at + 1;
    } else if (text === "amp" && textAt(items, at - 1) === "&") {
      if (textAt(items, at + 1) === ";") at++;
      from = at + 1;
    } else if (COMMAS.test(text) || ANDS.test(text) || (text === "with" && items[at + 1]?.kind === "name")) {
      // "Ana, mayor of Lima; Berta, doctor": what stands between commas describes.
      if (text === ";" && bySemicolon === null && segments.length > 0) {
        const first = items.slice(start, at).filter(({ kind }) => kind === "name").length === 1;
        bySemicolon = first;
        if (first) {
          segments.splice(0, segments.length);
          from = start;
        }
      }
      if (bySemicolon && text !== ";") {
        if (ANDS.test(text) && textAt(items, at - 1) === ";") from = at + 1;
        continue;
      }
      if (text === ";" && bySemicolon === null) bySemicolon = false;
      close(at);
      from = at + 1;
      if (ANDS.test(text)) afterAnd = true;
    }
  }
  close(Math.min(at, most));
  return segments;
}

/** Whether two names, or two handles, stand side by side without a separator. */
function isNextPerson(items: readonly Item[], at: number): boolean {
  const [before, item] = [items[at - 1], items[at]];
  return (before?.kind === "name" && item?.kind === "name") || (before?.prefix === "@" && item?.prefix === "@");
}

/** The index of the parenthesis that closes the one at `open`; `open` itself when none does nearby. */
function closing(items: readonly Item[], open: number, most: number): number {
  for (let at = open + 1; at < Math.min(most, open + 30); at++) {
    if (/^[)\]]$/.test(textAt(items, at))) return at;
    if (/^[([]$/.test(textAt(items, at))) return open;
  }
  return open;
}

function beginsWithName(items: readonly Item[], { start, end }: Segment): boolean {
  let at = start;
  while (at < end && (TITLES.has(textAt(items, at)) || textAt(items, at) === ".")) at++;
  return items[at]?.kind === "name" && at < end;
}

function personIn(items: readonly Item[], { start, end }: Segment, lowerCase: boolean): Read {
  const words = items.slice(start, end).filter(({ kind }) => kind !== "mark" && kind !== "line");
  const first = words[0];
  if (!first || words.every(({ kind }) => kind === "thing")) return "none";
  const name = words.findIndex(({ kind }) => kind === "name");
  const owner = name >= 0 && isOwner(items, items.indexOf(words[name] ?? first, start));
  const described = words.slice(0, Math.max(0, name)).some(({ text }) => LINKS.test(text));
  if (name >= 0 && name <= MOST_WORDS_BEFORE && !owner && !described) return words[name]?.names ?? null;
  if (words.length > MOST_WORDS) return "end";
  if (/^\d+$/.test(first.text)) return "none";
  if (owner || SOMEBODY.has(first.text) || SOMEBODYS.test(first.text) || first.capital || first.prefix) return null;
  if (first.text === "the") return words.some(({ text }) => LINKS.test(text)) ? "none" : null;
  if (words.some(({ text }) => LINKS.test(text))) return "none";
  return lowerCase ? null : "unclear";
}

/** Whether "'s" makes the name at this index the owner of what follows, as in "Ana's mom". */
function isOwner(items: readonly Item[], at: number): boolean {
  return textAt(items, at + 1) === "'s";
}
