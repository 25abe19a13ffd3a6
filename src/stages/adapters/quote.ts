/**
 * A post's words as data in a prompt: one JSON string on one line. Control characters, format characters and the
 * characters of markup are escaped, so that the post cannot end the string or write a fence, a tag, a role marker or a
 * change of writing direction into the prompt.
 */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>`|[\]]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}
