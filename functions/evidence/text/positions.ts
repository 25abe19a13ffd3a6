import { type Item, readItems } from "./items.ts";
import { readRow } from "./rows.ts";
import { areCounterparts, readSide, type SidePhrase } from "./sides.ts";
import { endsSentence, type Stated, TITLES, textAt } from "./stated.ts";

/** What a phrase tells of names. A weak one also has a plain meaning ("Ana left"), and needs a counterpart. */
interface Statement {
  readonly names: readonly number[];
  readonly position: Stated;
  readonly weak: boolean;
}

/** A statement beside a name, and whether it stands before the name. */
interface Aside extends Statement {
  readonly before: boolean;
}

/** Words after which a position phrase is over, so that "on the right" is no "on the right track". */
const AFTER = /^(and|&|with|is|next|beside|who|while|but|wearing|holding|looking|as|posing|by|or|here)$/;
/** Words that may stand between a name and its position. */
const POSED = new Set(
  `is are was 's pictured seen shown standing stands sitting sits seated kneeling posing here the one man woman guy girl
  boy lady`.split(/\s+/),
);
/** Most items between a parenthesis and the position in it. Set by hand. */
const MOST_DESCRIBED = 8;
const ARTICLES = /^(the|my|our|that|me|friend)$/;

/**
 * Where the text says that each named person is in the picture; null where it says nothing, or contradicts itself.
 * The steps grow with text length × longest name.
 * @param names names of people, or of anything else of one kind
 * @param things names of places and organizations, which take no place in a row
 */
export function statedPositions(
  names: readonly string[],
  text: string,
  things: readonly string[] = [],
): Array<Stated | null> {
  const items = readItems(text, names, things);
  const inRows: Statement[] = [];
  const aside: Statement[] = [];
  let row = 0;
  let least = 0;
  // Whether the sentence puts positions before names ("(L) Ana (R) Berta") or after them; null before the first.
  let before: boolean | null = null;
  for (let at = 0; at < items.length; ) {
    if (endsSentence(items, at)) before = null;
    const found = readRow(items, at, row, least);
    if (found) {
      if (found.places.length > 0) row++;
      inRows.push(...found.places.map((place) => ({ ...place, weak: false })));
      at = found.end;
      least = at;
      continue;
    }
    const phrase = readSide(items, at);
    if (!phrase) {
      at++;
      continue;
    }
    const statement: Aside | null = before
      ? (nameAfter(items, at, phrase) ?? nameBefore(items, at, phrase))
      : (nameBefore(items, at, phrase) ?? nameAfter(items, at, phrase));
    if (statement) {
      aside.push(statement);
      before ??= statement.before;
    }
    at = phrase.end;
  }
  const places = agreed(inRows, names.length);
  const sides = agreed(plausible(aside, items), names.length);
  return places.map((place, name) => place ?? sides[name] ?? null);
}

/** "Ana (left)", "Ana, left, and Berta", "Ana is on the left". */
function nameBefore(items: readonly Item[], start: number, phrase: SidePhrase): Aside | null {
  let at = start - 1;
  let posed = false;
  for (let words = 0; words < 5 && POSED.has(textAt(items, at)); words++) {
    posed = true;
    at--;
  }
  at = beginningOf(items, at);
  const opened = /^[([]$/.test(textAt(items, at));
  const comma = textAt(items, at) === ",";
  const dash = /^[–—-]$/u.test(textAt(items, at));
  if (opened || comma || dash) at--;
  for (let words = 0; words < 2 && POSED.has(textAt(items, at)); words++) at--;
  const name = items[at];
  if (name?.kind !== "name") return null;
  const next = textAt(items, phrase.end);
  const closed = /^[)\]]$/.test(next);
  if (opened ? !closed && next !== "," && !AFTER.test(next) : !isOver(items, phrase)) return null;
  if (!opened && phrase.form !== "phrase" && /^[?!]$/.test(next)) return null;
  // "Ana and Berta, left and right".
  if (
    /^(and|&)$/.test(next) &&
    readSide(items, phrase.end + 1)?.form === phrase.form &&
    !followsName(items, phrase.end)
  )
    return null;
  // "Left is Ana, right is Berta": what follows has the position.
  if (!opened && next === "is" && (comma || phrase.form !== "phrase")) return null;
  const sure = opened || phrase.form === "phrase" || posed || (comma && isAcross(phrase.position));
  return { names: name.names, position: phrase.position, weak: isWeak(phrase, sure, opened), before: false };
}

/** The parenthesis in which words and a comma stand before the position: "Ana (in red, left)"; else `end` itself. */
function beginningOf(items: readonly Item[], end: number): number {
  if (textAt(items, end) !== ",") return end;
  for (let at = end - 1; at > end - MOST_DESCRIBED && items[at]?.kind !== "name"; at--) {
    if (/^[([]$/.test(textAt(items, at))) return at;
    if (/^[)\]]$/.test(textAt(items, at))) return end;
  }
  return end;
}

/** Whether the position after "and" is that of a name which follows it: "Ana on the left and on the right Berta". */
function followsName(items: readonly Item[], and: number): boolean {
  const end = readSide(items, and + 1)?.end ?? and;
  return items[end]?.kind === "name" || items[end + 1]?.kind === "name";
}

/** "Left: Ana", "(L) Ana", "on the left is Ana". */
function nameAfter(items: readonly Item[], start: number, phrase: SidePhrase): Aside | null {
  const ahead = items[start - 1];
  const opened = /^[([]$/.test(textAt(items, start - 1));
  let at = phrase.end;
  const separator = textAt(items, at);
  if (opened) {
    if (!/^[)\]]$/.test(separator)) return null;
    at++;
    if (/^[:-]$/.test(textAt(items, at))) at++;
  } else if (/^[:=–—-]$/u.test(separator) || /^(is|,|we|you)$/.test(separator)) {
    const free = ahead?.kind !== "word" || /^(and|pictured|that)$/.test(ahead.text);
    const joins = separator !== "," && separator !== "we" && separator !== "you";
    if (phrase.form !== "phrase" && (!free || !joins || ahead?.text === "'s")) return null;
    at++;
    if (/^(have|see)$/.test(textAt(items, at))) at++;
  } else if (phrase.form !== "phrase") return null;
  for (let words = 0; words < 3; words++) {
    const word = textAt(items, at);
    if (ARTICLES.test(word) || TITLES.has(word) || (word === "." && TITLES.has(textAt(items, at - 1)))) at++;
  }
  const name = items[at];
  if (name?.kind !== "name") return null;
  const sure = opened || phrase.form === "phrase" || ahead?.text === "pictured";
  return { names: name.names, position: phrase.position, weak: isWeak(phrase, sure, opened), before: true };
}

/**
 * A letter may be a party or a captain's, and "in front", "at the top" or "back" may mean no place in the picture,
 * unless they stand in parentheses.
 */
function isWeak({ form, position }: SidePhrase, sure: boolean, opened: boolean): boolean {
  return !sure || form === "letter" || (!opened && !isAcross(position));
}

function isAcross(position: Stated): boolean {
  return position.kind === "row" || position.sides.some((side) => /^(left|right|middle)$/.test(side));
}

/** Whether a phrase outside parentheses ends where it should. */
function isOver(items: readonly Item[], { end }: SidePhrase): boolean {
  const next = items[end];
  if (!next || next.kind === "line" || AFTER.test(next.text)) return true;
  return next.kind === "mark" && !/^['’:\-/@#]$/u.test(next.text) && next.text !== "'s";
}

/** The statements that are sure, and the weak ones that another name's statement makes plausible. */
function plausible(statements: readonly Statement[], items: readonly Item[]): Statement[] {
  const isParty = items.some(({ text }, at) => text === "d" && textAt(items, at - 1) === "(");
  // There are few positions. For each, two different names are enough to compare any other name with.
  const known = new Map<string, { readonly position: Stated; readonly names: Set<number | undefined> }>();
  for (const { position, names } of statements) {
    const key = JSON.stringify(position);
    const same = known.get(key) ?? { position, names: new Set() };
    if (same.names.size < 2) same.names.add(names[0]);
    known.set(key, same);
  }
  return statements.filter(({ weak, position, names: [own] }) => {
    if (!weak) return true;
    const others = [...known.values()].filter(({ names }) => names.size > 1 || !names.has(own));
    return !isParty && others.some((other) => areCounterparts(position, other.position));
  });
}

/** For each name, what all statements about it agree on; null where there are none or they differ. */
function agreed(statements: readonly Statement[], names: number): Array<Stated | null> {
  const found: Array<{ readonly position: Stated | null; readonly key: string } | undefined> = Array.from({
    length: names,
  });
  for (const { names: own, position } of statements) {
    const stated = { position, key: JSON.stringify(position) };
    for (const name of own) {
      const other = found[name];
      found[name] = other && other.key !== stated.key ? { position: null, key: "" } : stated;
    }
  }
  return found.map((stated) => stated?.position ?? null);
}
