import { plainWords } from "./plain-words.ts";

/**
 * The longest expression, in UTF-16 code units. RiVEG's have at most 35 words (docs/reference/method.md, "Expansion").
 */
const LONGEST = 300;

/**
 * A language model's expression as detectors take it: one plain phrase (`plainWords`), without the quotes and the full
 * stop of a sentence. Null where nothing plain is left.
 */
export function nounPhrase(expression: string): string | null {
  const phrase = plainWords(expression, LONGEST)
    ?.replace(/^["'“‘]+|["'”’.]+$/gu, "")
    .trim();
  return phrase || null;
}
