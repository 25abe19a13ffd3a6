import type { Entity } from "../../../schemas/recognize.ts";
import type { Font } from "./font.ts";
import { drawable, escapeXml, fitText, isolate, oneLine, textPieces, textWidth } from "./text.ts";
import { GUESS_MARK, type RegionWords, typeWord } from "./words.ts";

/** How text is drawn. */
export interface Lettering {
  readonly font: Font;
  /** Font size in pixels. */
  readonly size: number;
  /** Whether there is no other font, so that characters which this one lacks cannot be drawn. */
  readonly onlyFont: boolean;
}

/** Height of a line, and distance of its baseline from its top, in parts of the font size. */
export const [LINE, BASELINE] = [1.4, 1.05];

/** The font of all that is not a name in another script. */
export const MAIN_FAMILY = "DejaVu Sans";

/** What stands behind the name and the type of an entity that has no region. */
const NO_WORDS: RegionWords = { isGuess: false, note: null, chance: null };

/**
 * A label such as "? Eileen Collins · person 62%". When it is wider than `maximumWidth` pixels, the name is cut and not
 * the number. A name that cannot be drawn is replaced by the entity's id, which is in the answer.
 */
export function nameLabel(
  { id, text, type }: Pick<Entity, "id" | "text" | "type">,
  maximumWidth: number,
  lettering: Lettering,
  { isGuess, note, chance }: RegionWords = NO_WORDS,
): string {
  const { font, size } = lettering;
  const widthOf = (words: string) => textWidth(words, size, font);
  const mark = isGuess ? GUESS_MARK : "";
  const name = drawableLine(text, lettering) ?? id;
  const drawnType = drawableLine(typeWord(type), lettering);
  const tail = `${note === null ? "" : ` · ${note}`}${chance === null ? "" : ` ${chance}`}`;
  // The type has what the name leaves, and a third of the width at least.
  const typeRoom = Math.max(maximumWidth / 3, maximumWidth - widthOf(`${mark}${name} · ${tail}`));
  const rest = `${drawnType === null ? "" : ` · ${isolate(fitText(drawnType, size, typeRoom, font))}`}${tail}`;
  return `${mark}${isolate(fitText(name, size, maximumWidth - widthOf(mark + rest), font))}${rest}`;
}

/** Whether a label of the entity says less than the answer, because characters of its name or type cannot be drawn. */
export function lacksLetters({ text, type }: Pick<Entity, "text" | "type">, lettering: Lettering): boolean {
  return [text, typeWord(type)].some((line) => drawableLine(line, lettering) === null);
}

/** Text as one line of characters that can be drawn; null when there is none. */
function drawableLine(text: string, { font, onlyFont }: Lettering): string | null {
  const line = oneLine(text);
  return onlyFont ? drawable(line, font) : line || null;
}

/** One line of text as SVG, with its top left corner at `x`, `y`. */
export function textLine(text: string, x: number, y: number, ink: string, { size, font, onlyFont }: Lettering): string {
  const draw = (piece: string, left: number, family: string) =>
    `<text x="${round(left)}" y="${round(y + BASELINE * size)}" fill="${ink}" font-family="${family}" ` +
    `font-weight="bold" font-size="${size}" xml:space="preserve">${escapeXml(piece)}</text>`;
  if (!onlyFont) return draw(text, x, `${MAIN_FAMILY}, Verdana, sans-serif`);
  let left = x;
  return textPieces(text, MAIN_FAMILY, size, font)
    .map((piece) => {
      left += piece.width;
      return draw(piece.text, left - piece.width, piece.family);
    })
    .join("");
}

/** Rounds to a tenth of a pixel; finer differences cannot be seen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
