/**
 * A post's words as data in a prompt: one JSON string on one line, with nothing in it that could end it. Format characters and the letters of
 * markup are escaped, so that no fence, tag, role marker or turn of direction of the post's is one of the prompt's.
 */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/[\p{Cf}\p{Zl}\p{Zp}<>`|[\]]/gu, (character) =>
    Array.from({ length: character.length }, (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`).join(""),
  );
}

/** What a model wrote about a picture or a name, as plain words in one line; null where it is not that: a link, markup, code, or too long to be meant. */
export function plainWords(text: string, maximumLength: number): string | null {
  const line = text.normalize("NFC").replace(/\s+/g, " ").trim();
  if (line === "" || line.length > maximumLength) return null;
  const foreign = /[<>`{}|\\]|\]\(|https?:|www\.|\p{Cc}|[\u202a-\u202e\u2066-\u2069]/u;
  return foreign.test(line) ? null : line;
}
