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

/**
 * Links, with a scheme or without; markup and code; characters that change the writing direction, hide text or break
 * lines. A bare `name.tld` is allowed: "the Booking.com logo" is a plain phrase.
 */
const FOREIGN =
  /[<>`{}|\\]|\]\(|&#|&\w+;|(?<![\p{L}\p{N}])[a-z][a-z\d+.-]+:(?=\S)|:\/\/|www\.|\w\.\p{L}{2,}(?:[/?#]|:\d)|[\p{Cc}\p{Cs}]|[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/iu;

/**
 * A model's words about a picture or a name, on one line. Null when they contain a link, markup or code, or are longer
 * than `maximumLength` UTF-16 code units.
 */
export function plainWords(text: string, maximumLength: number): string | null {
  const line = text.normalize("NFC").replace(/\s+/g, " ").trim();
  if (line === "" || line.length > maximumLength || isForeign(line)) return null;
  // Drops invisible characters, except the two joiners that emoji and some scripts need.
  const visible = line.replace(/(?![\u200c\u200d])\p{Cf}/gu, "").trim();
  return visible === "" ? null : visible;
}

/** In NFKC too: software that turns text into links also accepts a full-width dot or slash. */
function isForeign(line: string): boolean {
  return FOREIGN.test(line) || FOREIGN.test(line.normalize("NFKC"));
}
