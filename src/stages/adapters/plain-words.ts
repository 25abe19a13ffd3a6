/** Control characters, and characters that change the writing direction or hide text. White space is none of them. */
const HIDING = /(?!\s)[\p{Cc}\p{Cs}]|[\u202a-\u202e\u2066-\u2069\u{e0000}-\u{e007f}]/u;

/** Invisible characters, except the two joiners that emoji and some scripts need. */
const INVISIBLE = /(?![\u200c\u200d])\p{Cf}/gu;

/** The mark of a heading, a quotation or an item of a list. */
const LINE_MARK = /^(?:(?:[-•>*]|#{1,6})\s+)+/u;
/** Emphasis, in pairs or not. */
const EMPHASIS = /\*+|_+|~{2,}/gu;
/** The mark before a mention or a hashtag: @everyone, #name. Inside or after a word it stays: C#, M@rk. */
const MENTION = /(?<![\p{L}\p{N}_])(?:[@＠﹫]+[\u200c\u200d]*(?=[\p{L}\p{N}_])|[#＃]+[\u200c\u200d]*(?=[\p{L}_]))/gu;

/**
 * Markup and code; links, with a scheme or without one; addresses of mail; a full stop of another script inside a word,
 * which browsers read as a dot (evil。example). A bare `name.tld` is allowed: "the Booking.com logo" is a plain phrase.
 */
const FOREIGN =
  /[<>`{}|\\]|\]\(|&#|&\w+;|(?<![\p{L}\p{N}])[a-z][a-z\d+.-]+:(?=\S)|\/\/|www\.|\w\.\p{L}{2,}(?:[/?#]|:\d)|[@＠﹫][\p{L}\p{N}-]+\.\p{L}|(?<=[\p{L}\p{N}])[。｡．](?=[\p{L}\p{N}])/iu;

/**
 * A model's words about a picture or a name as a plain phrase on one line: what everybody may be shown, wherever it is
 * shown. Emphasis and the marks of mentions are left out. Null when a link, markup or code is in it, when no letter or
 * digit is left, and when it is longer than `maximumLength` UTF-16 code units.
 */
export function plainWords(text: string, maximumLength: number): string | null {
  // Marks and invisible characters do not count, but a pattern must not see a text without end.
  if (text.length > 2 * maximumLength || HIDING.test(text)) return null;
  const line = text.normalize("NFC").replace(INVISIBLE, "").replace(/\s+/g, " ").trim();
  const words = withoutMarks(line);
  // What has marks inside marks is no phrase.
  if (words.length > maximumLength || isForeign(words) || withoutMarks(words) !== words) return null;
  return /[\p{L}\p{N}]/u.test(words) ? words : null;
}

function withoutMarks(line: string): string {
  return line.replace(LINE_MARK, "").replace(EMPHASIS, keepInsideWords).replace(MENTION, "").trim();
}

/** Keeps underscores between letters, which are part of a name. */
function keepInsideWords(marks: string, at: number, text: string): string {
  const inside = marks.startsWith("_") && /\w/.test(text[at - 1] ?? "") && /\w/.test(text[at + marks.length] ?? "");
  return inside ? marks : "";
}

/** In NFKC too: software that turns text into links also accepts a full-width dot or slash. */
function isForeign(line: string): boolean {
  return FOREIGN.test(line) || FOREIGN.test(line.normalize("NFKC"));
}
