import type { Item } from "./items.ts";
import { PICTURE } from "./sides.ts";
import { endsSentence, TITLES, textAt } from "./stated.ts";

/** Words that join two names. */
export const CONJUNCTIONS = /^(and|&|\+|or|y|et|und)$/;
const DESCRIPTIONS = /^(the|my|our|his|her|photographer|artist|friend|user|our|mr|mrs|ms|dr)$/;
const MADE = /^(shot|taken|captured|photographed|snapped)$/;
const PASSIVE = /^(was|were|is|are|be|been|being|got|get|gets|getting)$/;
const CREDIT = /^(credit|credits|cred|creds|courtesy|pc|ph|photog|photographer|photography|camera|src|source)$/;
const CAMERA = /^(📷|📸|©)$/u;
const MADE_THINGS = /^(pics|snaps|portrait|portraits|video|footage)$/;
const AGENCY = /^(getty|reuters|ap|afp|epa|instagram|gettyimages|usa|shutterstock)$/;
const NEGATED = /^(not|never|no|nobody)$/;
const BE = /^(is|are|was|were|'s|being)$/;
const YOU = /^(you|u|ya)$/;
const HERE = /^(here|there)$/;

/** Words that tell one of several pictures: "left photo: Ana" is no credit. */
const WHICH = /^(left|right|middle|top|bottom|upper|lower|first|second|third|last|next|other|main|both|1st|2nd|3rd)$/;

/** Why the picture should not show a name; see `Said`. */
export type Exclusion = "credit" | "denied";

/**
 * Why the picture should not show each name of these items; null where it may. An outright denial ("Ana is not in this
 * picture") holds for all mentions of a name. A credit, "without Ana" and "missing Ana" exclude only a name that is
 * mentioned in no other way.
 * @param mentions the items at which each name stands
 */
export function readExclusions(
  items: readonly Item[],
  mentions: ReadonlyArray<readonly number[]>,
): Array<Exclusion | null> {
  const credited = spread(items, (at) => isCredit(items, at));
  const denied = spread(items, (at) => isAbsentAfter(items, at));
  const missed = spread(items, (at) => isAbsentBefore(items, beforeName(items, at), at));
  return mentions.map((own) => {
    if (own.some((at) => denied.has(at))) return "denied";
    if (own.length === 0 || !own.every((at) => credited.has(at) || missed.has(at))) return null;
    return own.some((at) => missed.has(at)) ? "denied" : "credit";
  });
}

/**
 * The names of which something holds, and those joined to them: "photos by Ana and Berta", "Ana, Berta and Clara are
 * not in this picture".
 */
function spread(items: readonly Item[], holds: (at: number) => boolean): Set<number> {
  const names = items.flatMap(({ kind }, at) => (kind === "name" ? [at] : []));
  const found = new Set<number>();
  for (const [index, at] of names.entries()) {
    const previous = names[index - 1] ?? 0;
    if (holds(at) || (found.has(previous) && isJoined(items, previous, at, CONJUNCTIONS))) found.add(at);
  }
  let next: number | null = null;
  for (const at of names.toReversed()) {
    const plural = /^(are|were)$/.test(textAt(items, at + 1)) || textAt(items, at + 1) === "could";
    const joined: boolean = next !== null && isJoined(items, at, next, /^(and|&|,|nor)$/);
    if (joined) found.add(at);
    next = found.has(at) && (plural || joined) ? at : null;
  }
  return found;
}

/** Whether one conjunction, and nothing else, stands between two items. */
function isJoined(items: readonly Item[], first: number, second: number, conjunctions: RegExp): boolean {
  // "&" may be written as "&amp;".
  const escaped = textAt(items, first + 2) === "amp" && textAt(items, first + 3) === ";" ? 2 : 0;
  return second - first === 2 + escaped && conjunctions.test(textAt(items, first + 1));
}

/** The index before a name and the titles and descriptions ahead of it. */
function beforeName(items: readonly Item[], at: number): number {
  let before = at - 1;
  for (let words = 0; words < 4; words++) {
    const text = textAt(items, before);
    const title = TITLES.has(text) || (text === "." && TITLES.has(textAt(items, before - 1)));
    if (!title && !DESCRIPTIONS.test(text)) break;
    before--;
  }
  return before;
}

/** The index before a name, and before another person who is joined to it: "by Zoe Smith and Ana". */
function beforeCredited(items: readonly Item[], name: number): number {
  const at = beforeName(items, name);
  if (!CONJUNCTIONS.test(textAt(items, at))) return at;
  let first = at;
  while (at - first < 3 && (items[first - 1]?.capital || items[first - 1]?.prefix)) first--;
  return first < at && textAt(items, first - 1) === "by" ? first - 1 : at;
}

function isCredit(items: readonly Item[], name: number): boolean {
  let at = beforeCredited(items, name);
  if (/^[:-]$/.test(textAt(items, at)) && textAt(items, at - 1) === "by") at--;
  const [word, before] = [textAt(items, at), textAt(items, at - 1)];
  if (textAt(items, name + 1) === "/" && AGENCY.test(textAt(items, name + 2))) return true;
  if (word === "via" || isPhotographer(items, name, word)) return true;
  if (word === "t" && before === "/" && textAt(items, at - 2) === "h") return true;
  if (items[name]?.prefix === "@" && (word === "ht" || CREDIT.test(word))) return true;
  if (word === "by") {
    if (PICTURE.test(before) || CREDIT.test(before) || CAMERA.test(before) || MADE_THINGS.test(before)) {
      return !(MADE.test(before) && PASSIVE.test(textAt(items, at - 2)));
    }
    // "Was shot by" tells of a picture only when it is one that was shot.
    if (!MADE.test(before)) return false;
    if (!PASSIVE.test(textAt(items, at - 2))) return true;
    return [3, 4, 5].some((back) => PICTURE.test(textAt(items, at - back)));
  }
  if (word === "of" || word === "to") {
    if (before === "courtesy") return true;
    if (/^(goes|go)$/.test(before) && CREDIT.test(textAt(items, at - 2))) return true;
    if (CREDIT.test(before) && PICTURE.test(textAt(items, at - 2))) return true;
  }
  if (word === "©") return true;
  if (/^\d{4}$/.test(word) && before === "©") return true;
  if (word === "courtesy" || (CREDIT.test(word) && PICTURE.test(before))) return true;
  const sign = /^[:/|-]$/.test(word) ? before : word;
  if (sign !== word && CREDIT.test(sign)) return true;
  // "Photo: Ana" at the end gives credit; "Photo: Ana smiles", and "📸 Ana" at the start, tell who is in it.
  const labelled = (sign !== word && PICTURE.test(sign) && !WHICH.test(textAt(items, at - 2))) || CAMERA.test(sign);
  if (sign !== word && CAMERA.test(sign)) return isLast(items, name);
  return labelled && !isFirst(items, sign === word ? at : at - 1) && isLast(items, name);
}

/** "Ana took this picture", "Ana is behind the camera", "thanks Ana for the picture". */
function isPhotographer(items: readonly Item[], name: number, before: string): boolean {
  const next = textAt(items, name + 1);
  if (/^(took|shot|snapped|captured)$/.test(next)) return isInPicture(items, name + 2);
  if (next === "for" && /^(to|thanks|thank|thx|ty|tysm|you)$/.test(before)) return isInPicture(items, name + 2);
  const at = BE.test(next) ? name + 2 : name + 1;
  const place = [0, 1, 2].map((ahead) => textAt(items, at + ahead)).join(" ");
  return place === "behind the camera";
}

/** Whether nothing but a sharer's handle ("RT @ana:") stands before. */
export function isFirst(items: readonly Item[], at: number): boolean {
  return at === 0 || (at <= 3 && textAt(items, 0) === "rt") || (at === 1 && items[0]?.kind === "mark");
}

/** Whether the sentence, its parenthesis, or the words before a link or a hashtag end after the name. */
function isLast(items: readonly Item[], name: number): boolean {
  let at = name + 1;
  // Other credited people and their agency.
  if (CONJUNCTIONS.test(textAt(items, at)) && items[at + 1]?.kind === "name") at += 2;
  const next = items[at];
  if (!next || endsSentence(items, at) || next.kind === "line" || next.prefix || /^https?$/.test(next.text))
    return true;
  // A mark of two code units is an emoji.
  return /^([)\]/|•–—,]|for)$/u.test(next.text) || (next.kind === "mark" && next.text.length > 1);
}

/** "Ana is not in this picture", "Ana (not pictured)", "wish Ana were here", "Ana, wish you were here". */
function isAbsentAfter(items: readonly Item[], name: number): boolean {
  let at = name + 1;
  if (/^[(,[]$/.test(textAt(items, at))) at++;
  if (/^(who|sadly|unfortunately)$/.test(textAt(items, at))) at++;
  const wished = /^(wish|wishing|wishes|wished|if|only)$/;
  if (/^wish(ing)?$/.test(textAt(items, at)) && YOU.test(textAt(items, at + 1))) return isPresent(items, at + 2, true);
  const ahead = beforeName(items, name);
  const joined = CONJUNCTIONS.test(textAt(items, ahead)) && items[ahead - 1]?.kind === "name";
  const start = joined ? beforeName(items, ahead - 1) : ahead;
  if (wished.test(textAt(items, start)) && isPresent(items, at, true)) return true;
  if (BE.test(textAt(items, at))) at++;
  else if (/^(could|can)$/.test(textAt(items, at)) && textAt(items, at + 1) === "not") {
    const verb = `${textAt(items, at + 2)} ${textAt(items, at + 3)}`;
    return /^(make it|be here|be there|be with|join us|come )/.test(verb) || verb.startsWith("come");
  }
  if (textAt(items, at) === "out" && textAt(items, at + 1) === "of") return isInPicture(items, at + 2);
  if (textAt(items, at) === "missing" && textAt(items, at + 1) === "from") return isInPicture(items, at + 2);
  if (textAt(items, at) !== "not") return false;
  at++;
  if (/^(pictured|shown|present)$/.test(textAt(items, at))) return true;
  if (textAt(items, at) === "in") return isInPicture(items, at + 1);
  return HERE.test(textAt(items, at)) && (endsSentence(items, at + 1) || /^[,;)]$/.test(textAt(items, at + 1)));
}

/** "were here", "could be with us". */
function isPresent(items: readonly Item[], start: number, wished: boolean): boolean {
  let at = start;
  if (/^(could|would)$/.test(textAt(items, at))) at++;
  if (textAt(items, at) === "have") at++;
  if (!/^(were|was|is|be|been|come|join|made)$/.test(textAt(items, at))) return false;
  const verb = textAt(items, at);
  at++;
  if (textAt(items, at) === "still") at++;
  if (verb === "come" || verb === "join") return wished;
  if (verb === "made") return textAt(items, at) === "it";
  return (
    HERE.test(textAt(items, at)) ||
    (textAt(items, at) === "with" && textAt(items, at + 1) === "us") ||
    (textAt(items, at) === "in" && isInPicture(items, at + 1))
  );
}

function isInPicture(items: readonly Item[], start: number): boolean {
  const at = /^(this|the|these|our|my|that|any)$/.test(textAt(items, start)) ? start + 1 : start;
  if (at > start && textAt(items, at) === "one") return true;
  return PICTURE.test(textAt(items, at)) || (textAt(items, at) === "group" && PICTURE.test(textAt(items, at + 1)));
}

/** "Without Ana", "missing Ana", "not pictured: Ana", "wish you were here, Ana". */
function isAbsentBefore(items: readonly Item[], start: number, name: number): boolean {
  const word = textAt(items, start);
  if (word === "without" || word === "minus")
    return !isNegatedBefore(items, start) && !/^\d+$/.test(textAt(items, start - 1));
  // A colon, or a person's age, makes it the name of somebody who is searched for.
  if (word === "missing") return !isNegatedBefore(items, start) && !isSearched(items, name);
  if (word === "o" && textAt(items, start - 1) === "/" && textAt(items, start - 2) === "w") return true;
  if (word === "no" && textAt(items, name + 1) === "in") return isInPicture(items, name + 2);
  let at = start;
  if (/^[:,]$/.test(word)) at--;
  // "Not pictured is Ana", but "Berta, not pictured - Ana" tells of Berta.
  else if (/^(is|are|[–—-])$/u.test(word) && isFirst(items, at - 2)) at--;
  if (HERE.test(textAt(items, at)) && BE.test(textAt(items, at - 1)) && YOU.test(textAt(items, at - 2))) {
    return (
      /^wish(ing)?$/.test(textAt(items, at - 3)) || (textAt(items, at - 3) === "only" && textAt(items, at - 4) === "if")
    );
  }
  // After a comma, the denial was of the name before it: "Berta, not pictured, and Ana".
  if (word === ",") return false;
  if (/^(pictured|shown)$/.test(textAt(items, at))) return textAt(items, at - 1) === "not";
  if (word !== ":" || !PICTURE.test(textAt(items, at))) return false;
  const from = /^(this|the|our)$/.test(textAt(items, at - 1)) ? at - 2 : at - 1;
  const link = textAt(items, from);
  const verb = textAt(items, from - 1);
  return (link === "in" && verb === "not") || (link === "from" && verb === "missing");
}

/** "Not without", "can't live without", "never without". */
function isNegatedBefore(items: readonly Item[], at: number): boolean {
  for (let back = 1; back <= 4; back++) {
    const item = items[at - back];
    if (!item || item.kind === "line" || item.kind === "mark") return false;
    if (NEGATED.test(item.text)) return true;
  }
  return false;
}

function isSearched(items: readonly Item[], name: number): boolean {
  const next = textAt(items, name + 1);
  const second = textAt(items, name + 2);
  return (
    (next === "," && /^(\d+|last|aged|age)$/.test(second)) || (next === "(" && /^\d+$/.test(second)) || next === "from"
  );
}
