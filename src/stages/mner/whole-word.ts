/** Scripts without spaces between words, or with particles attached to names. A mark of many scripts is of none. */
const UNSPACED =
  /(?!\p{sc=Zinh})[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Arab}\p{scx=Hebr}]/u;
/** Not a letter: what makes a symbol of the character before it (U+FE0E, U+FE0F, U+20E3), ℹ, and numbers in circles. */
const LETTER =
  /(?![\ufe0e\ufe0f\u20e3\u2460-\u249b\u24ea-\u24ff\u2776-\u2793]|\p{Extended_Pictographic})[\p{L}\p{N}\p{M}]/u;
const MARK = /\p{M}/u;
/** A digit and its key, as in 1️⃣. */
const KEYCAP = /^[0-9#*]\ufe0f?\u20e3/u;

/** Whether a position between two code units of a text is inside a word, or inside a character. */
export function isInsideWord(text: string, index: number): boolean {
  if (index <= 0 || index >= text.length) return false;
  if ((text.codePointAt(index - 1) ?? 0) > 0xffff) return true;
  if ([1, 2].some((length) => isKeycap(text, index - length, length))) return true;
  const [before, after] = [characterBefore(text, index), characterAfter(text, index)];
  if (!LETTER.test(before) || !LETTER.test(after) || isKeycap(text, index)) return false;
  return MARK.test(after) || (!UNSPACED.test(before) && !UNSPACED.test(after));
}

/** Whether a keycap starts at a position and is longer than `length`. */
function isKeycap(text: string, start: number, length = 0): boolean {
  return start >= 0 && (KEYCAP.exec(text.slice(start, start + 3))?.[0].length ?? 0) > length;
}

/**
 * An underscore joins the letters on both sides, as in a handle. Around a word it is emphasis: it is skipped. More than
 * so many are a line, which joins nothing.
 */
const JOINING_UNDERSCORES = 16;

function characterAfter(text: string, index: number): string {
  let at = index;
  while (text[at] === "_" && at - index < JOINING_UNDERSCORES) at++;
  return String.fromCodePoint(text.codePointAt(at) ?? 0x20);
}

function characterBefore(text: string, index: number): string {
  let at = index - 1;
  while (text[at] === "_" && index - at <= JOINING_UNDERSCORES) at--;
  const isLow = at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
  return String.fromCodePoint(text.codePointAt(isLow ? at - 1 : at) ?? 0x20);
}

/** The edges of the word around each place of a text, in UTF-16 code units. */
export interface WordEdges {
  readonly starts: readonly number[];
  readonly ends: readonly number[];
}

export function wordEdges(text: string): WordEdges {
  const starts: number[] = [];
  for (let place = 0; place <= text.length; place++)
    starts[place] = isInsideWord(text, place) ? (starts[place - 1] ?? 0) : place;
  const ends: number[] = [];
  let end = text.length;
  for (let place = text.length; place >= 0; place--) {
    // The start of a word, and so no place inside one.
    if (starts[place] === place) end = place;
    ends[place] = end;
  }
  return { starts, ends };
}
