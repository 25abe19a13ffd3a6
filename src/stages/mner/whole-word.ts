/** Scripts without spaces between words, or with particles attached to names. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Arab}\p{scx=Hebr}]/u;
const LETTER = /[\p{L}\p{N}\p{M}]/u;
const MARK = /\p{M}/u;

/** Whether a position between two code units of a text is inside a word, or inside a character. */
export function isInsideWord(text: string, index: number): boolean {
  if (index <= 0 || index >= text.length) return false;
  if ((text.codePointAt(index - 1) ?? 0) > 0xffff) return true;
  const [before, after] = [characterBefore(text, index), characterAfter(text, index)];
  if (MARK.test(after) && LETTER.test(before)) return true;
  return LETTER.test(before) && LETTER.test(after) && !UNSPACED.test(before) && !UNSPACED.test(after);
}

// An underscore joins the letters on both sides, as in a handle. Around a word it is emphasis: it is skipped.

function characterAfter(text: string, index: number): string {
  let at = index;
  while (text[at] === "_") at++;
  return String.fromCodePoint(text.codePointAt(at) ?? 0x20);
}

function characterBefore(text: string, index: number): string {
  let at = index - 1;
  while (text[at] === "_") at--;
  const isLow = at > 0 && (text.codePointAt(at - 1) ?? 0) > 0xffff;
  return String.fromCodePoint(text.codePointAt(isLow ? at - 1 : at) ?? 0x20);
}
