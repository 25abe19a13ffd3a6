import type { Font } from "./font.ts";

/** Stands for a character that cannot be drawn. */
export const MISSING = "□";
/**
 * What separates what a reader sees as characters: an emoji of five code points is one, a letter with its marks is one.
 */
const graphemes = new Intl.Segmenter(undefined, { granularity: "grapheme" });
const segments = (text: string) => Array.from(graphemes.segment(text), ({ segment }) => segment);

/**
 * A name as one line: control characters and white space become single spaces, and what would turn the direction of the
 * text around it (UAX #9, explicit formatting characters) is taken out. A name in which nothing can be seen becomes
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
 * The text kept together, whatever its direction (UAX #9, FSI and PDI): a Hebrew name does not pull the score behind it
 * to its left.
 */
export function isolate(text: string): string {
  return `\u2068${text}\u2069`;
}

/**
 * The text as the font can draw it: a character that it lacks becomes what NFKC makes of it ("𝐁" → "B"), where the font
 * has that, or "□".
 */
export function drawable(text: string, font: Font): string {
  const covers = (segment: string) =>
    [...segment].every((character) => font.advance(character.codePointAt(0) ?? 0) !== null);
  return segments(text)
    .map((segment) => [segment, segment.normalize("NFKC")].find(covers) ?? MISSING)
    .join("");
}

/**
 * Width in parts of the font size of what the font lacks and another one will draw: an emoji, and a Chinese character,
 * the next widest.
 */
const [EMOJI, SQUARE] = [1.3, 1];

/** The text's width in pixels at a font size. */
export function textWidth(text: string, fontSize: number, font: Font): number {
  return segments(text).reduce((sum, segment) => sum + segmentWidth(segment, font), 0) * fontSize;
}

function segmentWidth(segment: string, font: Font): number {
  if (/^\p{Cf}+$/u.test(segment)) return 0;
  const advances = [...segment].map((character) => font.advance(character.codePointAt(0) ?? 0));
  // A mark has no width of its own, so one that the font lacks changes nothing.
  if (advances[0] !== null) return advances.reduce<number>((sum, advance) => sum + (advance ?? 0), 0);
  return /\p{Extended_Pictographic}|\p{Regional_Indicator}/u.test(segment) ? EMOJI : SQUARE;
}

/** The text, cut between characters with an ellipsis where it is wider than `most` pixels. */
export function fitText(text: string, fontSize: number, most: number, font: Font): string {
  if (textWidth(text, fontSize, font) <= most) return text;
  let room = most - textWidth("…", fontSize, font);
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
 * Text for XML: names come from strangers' posts. What XML 1.0 cannot hold at all (control characters, lone surrogates)
 * becomes "\ufffd".
 */
export function escapeXml(text: string): string {
  return text
    .replace(/[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu, "\ufffd")
    .replace(/[&<>"']/g, (character) => ENTITIES[character] ?? "");
}
