import { CLITIC, HARD_SPACE, LINK } from "../../schemas/post-text.ts";
import { tokenSpans } from "../../schemas/tokens.ts";

/**
 * A word as the tagger reads it: its spelling, and its span in the post's text (UTF-16 code units, half-open).
 */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** The word that stands for the end of a line. The tagger reads it as the end of a sentence. */
export const BREAK = ".";

const LETTERS = String.raw`(?:[\p{L}\p{N}]\p{M}*)+`;

/**
 * Names of one thing that are written like two. The tagger knows most others (Jay-Z, Wal-Mart), and knows two names in
 * Trump-Biden.
 */
const WHOLE =
  "Rolls-Royce|Coca-Cola|Mercedes-Benz|Harley-Davidson|Hewlett-Packard|Bristol-Myers|Colgate-Palmolive|" +
  "Kimberly-Clark|Metro-Goldwyn|Baden-Baden|Guinea-Bissau|Timor-Leste|" +
  "Austria-Hungary|Alsace-Lorraine|Wilkes-Barre|Winston-Salem|Spider-Man|Ant-Man";

/** Places inside a word where the name may end, so that the tagger decides there. */
const SEAM = [
  // Collins's, NASA'll
  String.raw`${CLITIC}(?![\p{L}\p{N}])`,
  // Rome.Great
  String.raw`(?<=\p{Ll})\.\p{Lu}\p{Ll}`,
  // Trump-Biden, US-China, Houston-based; not Jay-Z, Pac-12, Jong-un, Stratford-upon-Avon
  String.raw`(?<=\p{Lu}\p{L}+)-(?:\p{Lu}\p{L}|\p{Ll}{3}(?!\p{L}*-\p{Lu}))`,
  // anti-Trump
  String.raw`(?<=(?<![\p{L}-])\p{Ll}{2,})-\p{Lu}`,
].join("|");

/**
 * A link; a handle or a hashtag; an end such as 's; letters with the marks that join them inside a word (U.S, don't,
 * AT&T, Jay-Z); else a symbol, or a run of at least four. Only white space and lone combining marks match nothing.
 */
const WORD = new RegExp(
  [
    LINK,
    String.raw`(?:(?<![\p{L}\p{N}_])@|#)[\p{L}\p{N}\p{M}_]+`,
    String.raw`(?<=[\p{L}\p{N}\p{M}_])${CLITIC}(?![\p{L}\p{N}])`,
    String.raw`(?<!\p{L})(?:${WHOLE})(?!\p{L})`,
    `${LETTERS}(?:(?!${SEAM})[-.'’&]${LETTERS})*`,
    String.raw`[^\s\p{L}\p{N}\p{M}]{4,}`,
    String.raw`[^\s\p{L}\p{N}\p{M}]`,
  ].join("|"),
  "gu",
);

const BORDER = new RegExp(HARD_SPACE, "u");

/** The words of a text, in order, without overlap; between two lines an empty one whose text is `BREAK`. */
export function wordsOf(text: string): Word[] {
  const words: Word[] = [];
  for (const { 0: found, index } of text.matchAll(WORD)) {
    const end = words.at(-1)?.end ?? index;
    if (BORDER.test(text.slice(end, index))) words.push({ text: BREAK, start: end, end });
    words.push({ text: found, start: index, end: index + found.length });
  }
  return words;
}

/**
 * The words of a text that comes as tokens, joined by one space. Corpora of tweets split a handle into "@" and its name
 * (and "_" after it); the tagger was trained on handles that were joined again.
 */
export function wordsOfTokens(tokens: readonly string[]): Word[] {
  const spans = tokenSpans(tokens);
  const words: Word[] = [];
  for (let first = 0, last = 0; first < tokens.length; first = ++last) {
    let text = tokens[first] ?? "";
    if (text === "@" && /^\w+$/.test(tokens[first + 1] ?? "")) {
      do text += tokens[++last] ?? "";
      while (tokens[last + 1] === "_");
    }
    words.push({ text, start: spans[first]?.start ?? 0, end: spans[last]?.end ?? 0 });
  }
  return words;
}
