/** Scripts that put no space between words, or hang particles on a name. */
const UNSPACED =
  /[\p{scx=Han}\p{scx=Hira}\p{scx=Kana}\p{scx=Hang}\p{scx=Thai}\p{scx=Laoo}\p{scx=Khmr}\p{scx=Mymr}\p{scx=Tibt}\p{scx=Arab}\p{scx=Hebr}]/u;
const LETTER = /[\p{L}\p{N}\p{M}]/u;
const MARK = /\p{M}/u;

/** Whether the place between two characters of a text is inside a word, or inside a character. */
export function isInsideWord(text: string, index: number): boolean {
  if (index <= 0 || index >= text.length) return false;
  if ((text.codePointAt(index - 1) ?? 0) > 0xffff) return true;
  const [before, after] = [characterBefore(text, index), characterAfter(text, index)];
  if (MARK.test(after) && LETTER.test(before)) return true;
  return LETTER.test(before) && LETTER.test(after) && !UNSPACED.test(before) && !UNSPACED.test(after);
}

// An underscore joins what stands on both its sides, as in a handle; around a word it is emphasis. So it is looked
// through.

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
