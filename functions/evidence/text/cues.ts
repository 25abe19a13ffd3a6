import { CONJUNCTIONS, type Exclusion, isFirst, readExclusions } from "./exclusions.ts";
import { type Item, readItems } from "./items.ts";
import { PICTURE } from "./sides.ts";
import { textAt } from "./stated.ts";

/** What stands beside a name, or in its post. visible-prior.ts has what each is worth; some are worth nothing. */
export const CUES = [
  "credit",
  "denied",
  "author",
  "by",
  "like",
  "versus",
  "with",
  "and",
  "and me",
  "thanks",
  "featuring",
  "miss",
  "about",
  "to or from",
  "place",
  "of",
  "the",
  "first word",
  "after colon",
  "after dot",
  "possessive",
  "question",
  "before colon",
  "before dot",
  "is or has",
  "verb after",
  "items 1-3",
  "items 4-7",
  "items 8-12",
  "items 13-",
  "one word",
  "handle",
  "hashtag",
  "repeated",
  "birthday",
  "rest in peace",
  "congratulations",
  "picture",
  "art",
  "crowd",
  "i or my",
  "he or she",
] as const;
export type Cue = (typeof CUES)[number];

/** What the text says about one name. */
export interface Said {
  /**
   * Why the picture should not show it: it is only the name of who made or sent the picture (`credit`), or the text
   * says that it is not there (`denied`). Null where neither is said.
   */
  readonly excluded: Exclusion | null;
  /** Each once. */
  readonly cues: readonly Cue[];
}

/** What the text says about each name; steps grow with text length × longest name. */
export function readCues(names: readonly string[], text: string): Said[] {
  const items = readItems(text, names);
  const mentions: number[][] = names.map(() => []);
  for (const [at, item] of items.entries()) for (const name of item.names) mentions[name]?.push(at);
  const exclusions = readExclusions(items, mentions);
  const post = cuesOfPost(items);
  // Names that are written alike share their mentions.
  const beside = new Map([...new Set(mentions.flat())].map((at) => [at, cuesBeside(items, at)]));
  return mentions.map((own, name) => {
    const cues = new Set<Cue>(own.length > 0 ? post : []);
    for (const at of own) for (const cue of beside.get(at) ?? []) cues.add(cue);
    if (own.length > 1) cues.add("repeated");
    const excluded = exclusions[name] ?? null;
    if (excluded) cues.add(excluded);
    return { excluded, cues: [...cues] };
  });
}

/** What the text says about one name. */
export function textSays(name: string, text: string): Said {
  return readCues([name], text)[0] ?? { excluded: null, cues: [] };
}

const BEFORE: ReadonlyArray<readonly [Cue, RegExp]> = [
  ["by", /^by$/],
  ["like", /^(like|than|as)$/],
  ["versus", /^(vs|v|versus|against|beat|beats|over)$/],
  ["with", /^(with|w|alongside|meets|met|meeting)$/],
  ["and", /^(and|&)$/],
  ["thanks", /^(thanks|thank|thx)$/],
  ["featuring", /^(ft|feat|featuring|starring)$/],
  ["miss", /^(miss|misses|missed|missing)$/],
  ["about", /^(about|on|for)$/],
  ["to or from", /^(to|from)$/],
  ["place", /^(at|in)$/],
  ["of", /^of$/],
  ["the", /^the$/],
  ["after colon", /^:$/],
  ["after dot", /^\.$/],
];
const AFTER: ReadonlyArray<readonly [Cue, RegExp]> = [
  ["possessive", /^'s$/],
  ["question", /^\?$/],
  ["before colon", /^:$/],
  ["before dot", /^\.$/],
  ["is or has", /^(is|was|has|had|will)$/],
  ["versus", /^(vs|v|versus)$/],
];
/**
 * Where a name stands, and how many items stand before it at most. Counted from the start, not as a share of the text,
 * so that what is added behind a name does not change it.
 */
const PLACES: ReadonlyArray<readonly [Cue, number]> = [
  ["items 1-3", 2],
  ["items 4-7", 6],
  ["items 8-12", 11],
  ["items 13-", Number.POSITIVE_INFINITY],
];
/** Endings of an English verb in the third person or in the past. */
const VERB = /^\p{L}{2,}([^s]s|ed)$/u;
const SLASH = /^[/.]$/;

/** The cues of one mention. */
function cuesBeside(items: readonly Item[], name: number): Cue[] {
  const { prefix } = items[name] ?? {};
  // "W/ Ana", "w/o", "feat. Ana" and "vs. Ana".
  const directly = textAt(items, name - 1);
  const skipped = SLASH.test(directly) && /^(w|ft|feat|vs|v)$/.test(textAt(items, name - 2));
  const before = skipped ? textAt(items, name - 2) : directly;
  const next = textAt(items, name + 1);
  const cues: Cue[] = [];
  for (const [cue, pattern] of BEFORE) if (pattern.test(before)) cues.push(cue);
  for (const [cue, pattern] of AFTER) if (pattern.test(next)) cues.push(cue);
  if (before === "to" && /^(thanks|thank|thx)$/.test(textAt(items, name - 2))) cues.push("thanks");
  if (CONJUNCTIONS.test(before) && /^(me|i)$/.test(textAt(items, name - 2))) cues.push("and me");
  if (CONJUNCTIONS.test(next) && /^(me|i|myself)$/.test(textAt(items, name + 2))) cues.push("and me");
  if (prefix === "@") cues.push("handle");
  if (prefix === "#") cues.push("hashtag");
  if (isFirst(items, name)) cues.push("first word");
  if (items[name + 1]?.kind === "word" && VERB.test(next)) cues.push("verb after");
  const place = PLACES.find(([, most]) => name <= most);
  if (place) cues.push(place[0]);
  if (!items[name]?.text.includes(" ")) cues.push("one word");
  if (isAuthor(items, name)) cues.push("author");
  return cues;
}

/** Whether the name is whose words are quoted: “We are what we do.” – Ana. */
function isAuthor(items: readonly Item[], name: number): boolean {
  const before = textAt(items, name - 1);
  const quoted = /^["”.!]$/u.test(textAt(items, name - 2));
  return (/^[-–—~―]$/u.test(before) && quoted) || /^["”]$/u.test(before);
}

const IN_POST: ReadonlyArray<readonly [Cue, RegExp]> = [
  ["birthday", /^(birthday|bday)$/],
  ["rest in peace", /^(rip|peace)$/],
  ["congratulations", /^(congratulations|congrats)$/],
  ["picture", PICTURE],
  ["art", /^(art|amwriting|writing|photography|books?|novel|poem|quote|painting|author|watercolor|illustration)$/],
  ["crowd", /^(people|fans|supporters|students|these|they|their|them)$/],
  ["i or my", /^(i|my|me)$/],
  ["he or she", /^(he|his|him|she|her)$/],
];

function cuesOfPost(items: readonly Item[]): Cue[] {
  const words = new Set(items.map(({ text }) => text));
  return IN_POST.flatMap(([cue, pattern]) => ([...words].some((word) => pattern.test(word)) ? [cue] : []));
}
