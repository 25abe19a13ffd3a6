import type { EntityType } from "../../schemas/primitives.ts";
import type { Lexicon } from "./lexicon.ts";

/**
 * A noun beside a name: in apposition ("Chelsea the cat", "actor Tom Hanks"), or as the head of a compound with the
 * name ("the Golden Gate bridge").
 */
export interface NounBeside {
  readonly noun: string;
  readonly form: "apposed" | "compound";
}

const POSSESSIVE = new Set("my our his her its their your".split(" "));
const DETERMINER = new Set([...POSSESSIVE, "the", "this", "a", "an"]);
/** Words that end a noun phrase. */
const CLOSING = new Set(
  `of in on at by with from near for to over under behind beside across against between inside outside around into as
  and or but who whom whose that which where when while because is are was were has have had can will do does did not
  named called`.split(/\s+/),
);
/** Most words between a phrase's determiner and its noun. */
const ADJECTIVES = 2;
/** Words on each side of a name that are looked at: more than any pattern has. */
const NEARBY = 16;

/**
 * The noun beside the first mention of a name that has one; null when there is none. The patterns are few, because a
 * noun that belongs to another word puts a box on the wrong object. A thing (no person or animal) must be possessed
 * ("my car Betsy") or be beside a name that is not a PER.
 */
export function nounBeside(
  words: readonly string[],
  name: string,
  type: EntityType,
  lexicon: Lexicon,
): NounBeside | null {
  const nameWords = wordsOf(name).map((word) => word.toLowerCase());
  if (nameWords.length === 0) return null;
  for (let start = 0; start + nameWords.length <= words.length; start++) {
    if (!nameWords.every((word, index) => words[start + index]?.toLowerCase() === word)) continue;
    const end = start + nameWords.length;
    const before = words.slice(Math.max(0, start - NEARBY), start);
    const after = words.slice(end, end + NEARBY);
    const apposed = nounBefore(before, lexicon) ?? nounAfter(after, type, lexicon);
    if (apposed) return { noun: apposed, form: "apposed" };
    const compound = nounOfCompound(before.at(-1), after, type, lexicon);
    if (compound) return { noun: compound, form: "compound" };
  }
  return null;
}

/** "my cat Chelsea", "actor Tom Hanks", "our old boat Serenity". */
function nounBefore(before: readonly string[], lexicon: Lexicon): string | null {
  const noun = before.at(-1) ?? "";
  const kind = lexicon.kind(noun.toLowerCase());
  if (kind === "living") return noun.toLowerCase();
  const isPossessed = before.slice(-2 - ADJECTIVES, -1).some((word, index, nearby) => {
    return POSSESSIVE.has(word.toLowerCase()) && nearby.slice(index + 1).every(isPlain);
  });
  return kind === "thing" && isPossessed ? noun.toLowerCase() : null;
}

/** "Chelsea the cat", "Mittens, best cat in the world", "Tom Hanks, an actor". */
function nounAfter(after: readonly string[], type: EntityType, lexicon: Lexicon): string | null {
  const hasComma = after[0] === ",";
  const [first = "", ...rest] = after.slice(hasComma ? 1 : 0);
  const opening = first.toLowerCase();
  const hasDeterminer = DETERMINER.has(opening);
  // Without a comma, "a" begins an object of the verb ("gave Anna a cat").
  if (!hasComma && (!hasDeterminer || opening === "a" || opening === "an")) return null;
  const phrase = hasDeterminer ? rest : [first, ...rest];
  const length = phrase.findIndex((word) => !isPlain(word));
  const inPhrase = length < 0 ? phrase : phrase.slice(0, length);
  const noun = headOf(inPhrase, hasComma, lexicon);
  const kind = lexicon.kind(noun);
  if (!kind || (kind === "thing" && type === "PER")) return null;
  if (hasDeterminer) return noun;
  return kind === "living" && (inPhrase.length === 1 || /^(best|worst|.+est)$/.test(opening)) ? noun : null;
}

/**
 * The head noun of the phrase at the beginning of a run of plain words. After a comma the phrase must be the whole run,
 * because otherwise it may begin a clause ("Anna, the pizza burns"). Without a comma it ends with its last noun ("the
 * cat lover sleeps": lover).
 */
function headOf(run: readonly string[], mustEnd: boolean, lexicon: Lexicon): string {
  if (mustEnd) return run.length <= ADJECTIVES + 1 ? (run.at(-1) ?? "") : "";
  const first = run.slice(0, ADJECTIVES + 1).findIndex((word) => lexicon.kind(word));
  if (first < 0) return "";
  let head = first;
  while (lexicon.kind(run[head + 1] ?? "")) head++;
  return run[head] ?? "";
}

/** "the Golden Gate bridge": for LOC and OTHER only, because "the Apple phone" is not Apple. */
function nounOfCompound(
  before: string | undefined,
  [noun = "", next]: readonly string[],
  type: EntityType,
  lexicon: Lexicon,
): string | null {
  const isCompound =
    before?.toLowerCase() === "the" && (type === "LOC" || type === "OTHER") && lexicon.kind(noun) === "thing";
  return isCompound && !(next && lexicon.kind(next)) ? noun : null;
}

/** A lower-case word that neither begins nor ends a noun phrase. */
function isPlain(word: string): boolean {
  return /^\p{Ll}[\p{Ll}-]*$/u.test(word) && !DETERMINER.has(word) && !CLOSING.has(word);
}

/** Words and single punctuation marks, without the `@` or `#` before a name. */
export function wordsOf(text: string): string[] {
  return text.normalize("NFKC").match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|[^\s@#]/gu) ?? [];
}
