/**
 * A word of a text as the tagger reads it: `text` for its spelling, `start` and `end` where it stands (UTF-16,
 * half-open).
 */
export interface Word {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

const LETTERS = String.raw`[\p{L}\p{N}\p{M}]`;

/**
 * A URL; a handle or a hashtag; letters with what joins them inside a word (U.S, don't, AT&T, Coca-Cola); else one
 * character by itself, a lone surrogate included. What no alternative takes is white space.
 */
const WORD = new RegExp(
  String.raw`https?://\S+|[@#][\p{L}\p{N}\p{M}_]+|${LETTERS}+(?:[.'’&-]${LETTERS}+)*|[^\s\p{L}\p{N}\p{M}]`,
  "gu",
);

/** The words of a text, in order, none overlapping another. */
export function wordsOf(text: string): Word[] {
  return Array.from(text.matchAll(WORD), ({ 0: found, index }) => ({
    text: found,
    start: index,
    end: index + found.length,
  }));
}

/**
 * The words of a text that comes as tokens, joined by one space. Corpora of tweets split a handle into "@" and its name
 * (and "_" behind it); the tagger was trained on handles that were joined again.
 */
export function wordsOfTokens(tokens: readonly string[]): Word[] {
  const words: Word[] = [];
  let position = 0;
  for (let index = 0; index < tokens.length; index++) {
    const start = position;
    let text = tokens[index] ?? "";
    position += text.length;
    if (text === "@" && /^\w+$/.test(tokens[index + 1] ?? "")) {
      do {
        const next = tokens[++index] ?? "";
        text += next;
        position += 1 + next.length;
      } while (tokens[index + 1] === "_");
    }
    words.push({ text, start, end: position });
    position += 1;
  }
  return words;
}
