import type { StageProblem } from "./primitives.ts";

/** Scripts that a problem can name. */
const SCRIPTS = [
  ...[
    "Arabic",
    "Armenian",
    "Bengali",
    "Cyrillic",
    "Devanagari",
    "Ethiopic",
    "Georgian",
    "Greek",
    "Gujarati",
    "Gurmukhi",
    "Han",
    "Hangul",
  ],
  ...[
    "Hebrew",
    "Hiragana",
    "Kannada",
    "Katakana",
    "Khmer",
    "Lao",
    "Malayalam",
    "Myanmar",
    "Sinhala",
    "Tamil",
    "Telugu",
    "Thai",
    "Tibetan",
  ],
].map((name) => ({ name, letters: new RegExp(`\\p{Script=${name}}`, "gu") }));

const count = (text: string, letters: RegExp) => text.match(letters)?.length ?? 0;

/**
 * The problem of a text for a model that knows Latin script alone, where more than half of the letters are not Latin,
 * with the script of most of them; null for other texts.
 */
export function scriptProblem(text: string): StageProblem | null {
  const letters = count(text, /\p{L}/gu);
  const latin = count(text, /\p{Script=Latin}/gu);
  if (latin * 2 >= letters) return null;
  const found = SCRIPTS.map(({ name, letters: pattern }) => ({ name, letters: count(text, pattern) })).sort(
    (a, b) => b.letters - a.letters,
  );
  const name = found[0]?.letters ? found[0].name : "another";
  return {
    code: "script_not_covered",
    detail:
      "The model does not know the text's script. " +
      `${letters - latin} of the text's ${letters} letters are not Latin, most of them in the ${name} script: ` +
      "names in that script may be missed.",
  };
}
