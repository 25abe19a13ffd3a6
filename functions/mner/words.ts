import { tokenSpans } from "../../schemas/tokens.ts";

/**
 * A word as the tagger reads it: its spelling, and its span in the post's text (UTF-16 code units, half-open).
 */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const LETTERS = String.raw`[\p{L}\p{N}\p{M}]`;

/**
 * A URL; a handle or a hashtag; letters with the marks that join them inside a word (U.S, don't, AT&T, Coca-Cola); else
 * one character, a lone surrogate included. Only white space matches nothing.
 */
const WORD = new RegExp(
  String.raw`https?://\S+|[@#][\p{L}\p{N}\p{M}_]+|${LETTERS}+(?:[.'’&-]${LETTERS}+)*|[^\s\p{L}\p{N}\p{M}]`,
  "gu",
);

/** The words of a text, in order, without overlap. */
export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(WORD), ({ 0: found, index }) => ({
    text: found,
    start: index,
    end: index + found.length,
  }));
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
