/**
 * A text for a message: at most so many UTF-16 code units of it, and `…` for the rest. It does not split a surrogate
 * pair.
 */
export function cutText(text: string, length: number): string {
  if (text.length <= length) return text;
  const isPairSplit = /^[\ud800-\udbff][\udc00-\udfff]/.test(text.slice(length - 1, length + 1));
  return `${text.slice(0, isPairSplit ? length - 1 : length)}…`;
}
