import { HTML_ENTITY, htmlCharacter } from "../../../schemas/html-entities.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import type { Span } from "../../../schemas/primitives.ts";

/**
 * A post's text as a person reads it, and where its parts stand in the text as it came: an HTML entity is the character
 * that it stands for, invisible characters are gone, styled and full-width letters are plain. Models are asked with it.
 */
export interface Readable {
  readonly text: string;
  /** The same text as tokens; null for a post that came as text. */
  readonly tokens: readonly string[] | null;
  /**
   * The span of the text as it came that became `text.slice(start, end)`. Both spans count UTF-16 code units, are
   * half-open and not empty.
   */
  spanOf(start: number, end: number): Span;
}

/** Soft hyphens, zero-width and direction marks, variation selectors. */
const INVISIBLE = String.raw`[\p{Cf}\ufe00-\ufe0f\u034f]`;
/** The zero-width joiners belong to the spelling in scripts that use them. */
const JOINERS = /^[\u200c\u200d]$/u;
const JOINED = /[\p{scx=Arab}\p{scx=Deva}\p{scx=Beng}\p{scx=Sinh}\p{scx=Mlym}]$/u;

/** A digit on a key, as lists have them. Read as a bullet: it is no part of the word behind it. */
const KEYCAP = String.raw`[0-9#*]\ufe0f?\u20e3`;

/** Letters in circles and squares. One alone is an emoji (🅿, Ⓜ), two are a word. */
const ENCLOSED = String.raw`[\u24b6-\u24e9\u{1f130}-\u{1f149}\u{1f150}-\u{1f169}\u{1f170}-\u{1f189}]`;
const ENCLOSED_WORD = String.raw`${ENCLOSED}(?=\ufe0f?${ENCLOSED})|(?<=${ENCLOSED}\ufe0f?)${ENCLOSED}`;

/** Small capitals from a to z; q and x have none of their own. */
const SMALL_CAPITALS = "ᴀʙᴄᴅᴇꜰɢʜɪᴊᴋʟᴍɴᴏᴘǫʀꜱᴛᴜᴠᴡxʏᴢ";

const IS_INVISIBLE = new RegExp(`^${INVISIBLE}$`, "u");
const PART = new RegExp(
  String.raw`${HTML_ENTITY}|${KEYCAP}|${INVISIBLE}|(${ENCLOSED_WORD})|[\p{L}\p{Nd}](?:(?!${INVISIBLE})\p{M})*|[^]`,
  "gu",
);
/** Full-width marks, and the letter that looks like an apostrophe. */
const MARK = /[\uff01-\uff5e\u02bc]/u;

/** What a text must contain for its readable form to differ. */
const UNUSUAL = new RegExp(
  String.raw`&|\u20e3|${INVISIBLE}|${ENCLOSED}|[\uff01-\uff5e]|(?![\x00-\xff])[\p{L}\p{Nd}]|\p{M}`,
  "u",
);

/** A piece of readable text, and the piece of the text as it came that it stands for. */
type Part = readonly [plain: string, original: string];

/**
 * The readable form of a text.
 *
 * @param tokens of a text that is tokens joined by single spaces: each is read by itself; null otherwise
 */
export function readable(text: string, tokens: readonly string[] | null): Readable {
  if (!UNUSUAL.test(text)) return asItCame(text, tokens);
  const tokenParts = tokens?.map((token) => partsOfToken(token));
  const parts = tokenParts?.flatMap((ofToken, index) => (index > 0 ? [SPACE, ...ofToken] : ofToken)) ?? partsOf(text);
  const plain = plainText(parts);
  // A ligature may stand for a whole sentence. A text that would grow too long for the models stays as it is.
  if (plain.length > Math.max(text.length, LIMITS.textLength)) return asItCame(text, tokens);
  // The span of the text as it came, for each code unit of the readable text.
  const spans: Span[] = [];
  let start = 0;
  for (const [plain, original] of parts) {
    const span = { start, end: start + original.length };
    for (let unit = 0; unit < plain.length; unit++) spans.push(span);
    start = span.end;
  }
  return {
    text: plain,
    tokens: tokenParts?.map(plainText) ?? null,
    spanOf: (from, to) => ({ start: spans[from]?.start ?? 0, end: spans[to - 1]?.end ?? 0 }),
  };
}

function asItCame(text: string, tokens: readonly string[] | null): Readable {
  return { text, tokens, spanOf: (start, end) => ({ start, end }) };
}

const SPACE: Part = [" ", " "];

function plainText(parts: readonly Part[]): string {
  return parts.map(([plain]) => plain).join("");
}

/** A token is never empty: one of invisible characters alone stays as it is. */
function partsOfToken(token: string): Part[] {
  const parts = partsOf(token);
  return plainText(parts) === "" ? Array.from(token, (character) => [character, character] as const) : parts;
}

function partsOf(text: string): Part[] {
  const parts: Part[] = [];
  for (const [original, enclosed] of text.matchAll(PART)) {
    const character = original.length > 3 && original.startsWith("&") ? htmlCharacter(original) : original;
    // A word that only looks like an HTML entity.
    if (character === null) parts.push(...Array.from(original, (unit) => [unit, unit] as const));
    else parts.push([enclosed ? letterInside(enclosed) : plainForm(character, parts.at(-1)?.[0] ?? ""), original]);
  }
  return parts;
}

/** @param before the readable character before it */
function plainForm(character: string, before: string): string {
  if (character.endsWith("\u20e3")) return "•";
  if (IS_INVISIBLE.test(character)) return JOINERS.test(character) && JOINED.test(before) ? character : "";
  if (MARK.test(character)) return character === "\u02bc" ? "’" : character.normalize("NFKC");
  const smallCapital = SMALL_CAPITALS.indexOf(character);
  if (smallCapital >= 0) return String.fromCodePoint(0x61 + smallCapital);
  return /^[\p{L}\p{Nd}]/u.test(character) ? character.normalize("NFKC") : character;
}

/** NFKC knows the letters in white circles and squares, not those in black ones. */
function letterInside(enclosed: string): string {
  const codePoint = enclosed.codePointAt(0) ?? 0;
  return codePoint < 0x1f150 ? enclosed.normalize("NFKC") : String.fromCodePoint(0x41 + ((codePoint - 0x1f150) % 0x20));
}
