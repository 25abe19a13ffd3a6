/**
 * A post's words as data in a prompt: one JSON string on one line, with nothing in it that could end it. Control and
 * format characters and the letters of markup are escaped, so that no fence, tag, role marker or turn of direction of
 * the post's is one of the prompt's.
 */
export function quote(text: string): string {
  return JSON.stringify(text).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}<>`|[\]]/gu, (character) =>
    Array.from(
      { length: character.length },
      (_, index) => `\\u${character.charCodeAt(index).toString(16).padStart(4, "0")}`,
    ).join(""),
  );
}

/**
 * Links, with a scheme or without; markup and code; what turns, hides or breaks a line of text. A bare `name.tld` is
 * none: "the Booking.com logo" is what stands in the picture.
 */
const FOREIGN =
  /[<>`{}|\\]|\]\(|&#|&\w+;|(?<![\p{L}\p{N}])[a-z][a-z\d+.-]+:(?=\S)|:\/\/|www\.|\w\.\p{L}{2,}(?:[/?#]|:\d)|[\p{Cc}\p{Cs}]|[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/iu;

/**
 * What a model wrote about a picture or a name, as plain words in one line; null where it is not that: a link, markup,
 * code, or too long to be meant.
 */
export function plainWords(text: string, maximumLength: number): string | null {
  const line = text.normalize("NFC").replace(/\s+/g, " ").trim();
  if (line === "" || line.length > maximumLength || isForeign(line)) return null;
  // Emoji and some scripts join their letters by two of the format characters; the others show nothing.
  const shown = line.replace(/(?![\u200c\u200d])\p{Cf}/gu, "").trim();
  return shown === "" ? null : shown;
}

/** In compatibility's form too: a full-width dot or slash is one to whoever makes links of what is shown. */
function isForeign(line: string): boolean {
  return FOREIGN.test(line) || FOREIGN.test(line.normalize("NFKC"));
}
