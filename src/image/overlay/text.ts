import type { Font } from "./font.ts";

/** Made when it is first needed: it takes some milliseconds of the start, and few instances draw an overlay. */
let graphemes: Intl.Segmenter | undefined;

/**
 * Splits text into user-perceived characters (UAX #29): an emoji of five code points is one, as is a letter with marks.
 */
export function segments(text: string): string[] {
  graphemes ??= new Intl.Segmenter(undefined, { granularity: "grapheme" });
  return Array.from(graphemes.segment(text), ({ segment }) => segment);
}

/**
 * A name as one line. Control characters and white space become single spaces; characters that change the direction of
 * the text around them are removed (UAX #9, explicit formatting characters). A name without a visible character becomes
 * empty.
 */
export function oneLine(text: string): string {
  const line = text
    .replace(/[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return /[^\p{Cf}\p{M}\s]/u.test(line) ? line : "";
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
 * the font has that; an emoji or another symbol is left out. Null when the font lacks a letter or a digit, or when
 * nothing is left: the reader would take what is drawn for another name.
 */
export function drawable(text: string, font: Font): string | null {
  const covers = (segment: string) =>
    [...segment].every((character) => font.advance(character.codePointAt(0) ?? 0) !== null);
  const parts = segments(text).map((segment) => {
    const found = [segment, segment.normalize("NFKC")].find(covers);
    return found ?? (/[\p{L}\p{Nd}\p{Nl}]/u.test(segment) && !PICTOGRAPH.test(segment) ? null : "");
  });
  return parts.includes(null) ? null : oneLine(parts.join("")) || null;
}

/** An emoji or a flag. A keycap begins with a digit. */
const PICTOGRAPH = /\p{Extended_Pictographic}|\p{Regional_Indicator}|\u20e3/u;

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
  const joined = font.joined?.(segment) ?? null;
  if (joined !== null) return joined;
  if (/^\p{Cf}+$/u.test(segment)) return 0;
  const advances = [...segment].map((character) => font.advance(character.codePointAt(0) ?? 0));
  // A combining mark has no width, so one that the font lacks changes nothing.
  if (advances[0] !== null) return advances.reduce<number>((sum, advance) => sum + (advance ?? 0), 0);
  return PICTOGRAPH.test(segment) ? EMOJI : OTHER;
}

/** Text that is drawn in one piece, and its width in pixels. */
export interface TextPiece {
  readonly text: string;
  readonly family: string;
  readonly width: number;
}

/**
 * The text in the pieces in which it is drawn: in the font of most of a label, `main`, all characters up to the next
 * one of another font; in another font, each character alone. The renderer (resvg 2.6.2) takes the script of a whole
 * line from its first letter, and advances by the widest glyph alone when a character of Devanagari or Thai has many.
 */
export function textPieces(text: string, main: string, fontSize: number, font: Font): TextPiece[] {
  const pieces: TextPiece[] = [];
  for (const segment of segments(text)) {
    const family = familyOf(segment, font) ?? main;
    const width = segmentWidth(segment, font) * fontSize;
    const before = pieces.at(-1);
    if (family === main && before?.family === main)
      pieces[pieces.length - 1] = { text: before.text + segment, family, width: before.width + width };
    else pieces.push({ text: segment, family, width });
  }
  return pieces;
}

/** The font of a user-perceived character: that of its first code point which is not an invisible mark. */
export function familyOf(segment: string, font: Font): string | null {
  const visible = [...segment].find((character) => !/\p{Cf}/u.test(character));
  return visible === undefined ? null : font.family(visible.codePointAt(0) ?? 0);
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

/** The text in lines of at most this many pixels, broken at spaces. A word that is wider has a line of its own. */
export function wrapText(text: string, fontSize: number, maximumWidth: number, font: Font): string[] {
  const lines: string[] = [];
  for (const word of text.split(" ")) {
    const longer = lines.length === 0 ? word : `${lines.at(-1)} ${word}`;
    if (lines.length > 0 && textWidth(longer, fontSize, font) <= maximumWidth) lines[lines.length - 1] = longer;
    else lines.push(word);
  }
  return lines;
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
