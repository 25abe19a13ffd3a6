import type { Font } from "./font.ts";

/** Replaces a character that cannot be drawn. */
export const MISSING = "□";
/**
 * Splits text into user-perceived characters (UAX #29): an emoji of five code points is one, as is a letter with marks.
 */
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const segments = (text: string) => Array.from(graphemes.segment(text), ({ segment }) => segment);

/**
 * A name as one line. Control characters and white space become single spaces; characters that change the direction of
 * the text around them are removed (UAX #9, explicit formatting characters). A name without a visible character becomes
 * "□".
 */
export function oneLine(text: string): string {
  const line = text
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return /[^\p{Cf}\p{M}\s]/u.test(line) ? line : MISSING;
}

/**
 * The text between the marks FSI and PDI (UAX #9), so that its direction does not affect the text around it: without
 * them the score behind a Hebrew name would be drawn to its left.
 */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`;
}

/**
 * The text in characters that the font can draw. A character that it lacks is replaced by its NFKC form ("𝐁" → "B") if
 * the font has that, else by "□".
 */
export function drawable(text: string, font: Font): string {
  const covers = (segment: string) =>
    [...segment].every((character) => font.advance(character.codePointAt(0) ?? 0) !== null);
  return segments(text)
    .map((segment) => [segment, segment.normalize("NFKC")].find(covers) ?? MISSING)
    .join("");
}

/**
 * Estimated widths, in parts of the font size, of characters that another font will draw: an emoji, and anything else
 * (a Chinese character is the widest).
 */
const [EMOJI, OTHER] = [1.3, 1];

/** The text's width in pixels. */
export function textWidth(text: string, fontSize: number, font: Font): number {
  return segments(text).reduce((sum, segment) => sum + segmentWidth(segment, font), 0) * fontSize;
}

function segmentWidth(segment: string, font: Font): number {
  if (/^\p{Cf}+$/u.test(segment)) return 0;
  const advances = [...segment].map((character) => font.advance(character.codePointAt(0) ?? 0));
  // A combining mark has no width, so one that the font lacks changes nothing.
  if (advances[0] !== null) return advances.reduce<number>((sum, advance) => sum + (advance ?? 0), 0);
  return /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(segment) ? EMOJI : OTHER;
}

/** The text, cut between characters and ended with "…" when it is wider than `maximumWidth` pixels. */
export function fitText(text: string, fontSize: number, maximumWidth: number, font: Font): string {
  if (textWidth(text, fontSize, font) <= maximumWidth) return text;
  let room = maximumWidth - textWidth("…", fontSize, font);
  let fitted = "";
  for (const segment of segments(text)) {
    room -= segmentWidth(segment, font) * fontSize;
    if (room < 0) break;
    fitted += segment;
  }
  return `${fitted.trimEnd()}…`;
}

const ENTITIES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/**
 * Escapes text for XML content and attributes. Characters that XML 1.0 does not allow (control characters, lone
 * surrogates; section 2.2) become U+FFFD.
 */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
