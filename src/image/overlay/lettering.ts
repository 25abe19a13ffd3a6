import type { Entity } from "../../../schemas/recognize.ts";
import type { Font } from "./font.ts";
import { drawable, escapeXml, fitText, isolate, MISSING, oneLine, textWidth } from "./text.ts";

/** How text is drawn. */
export interface Lettering {
  readonly font: Font;
  /** Font size in pixels. */
  readonly size: number;
  /** Whether there is no other font, so that characters which this one lacks must be replaced. */
  readonly onlyFont: boolean;
}

/** Height of a line, and distance of its baseline from its top, in parts of the font size. */
export const [LINE, BASELINE] = [1.4, 1.05];
const FAMILY = "DejaVu Sans, Verdana, sans-serif";

/**
 * A label such as "Eileen Collins · PER 0.98". When it is wider than `maximumWidth` pixels, the name is cut and not the
 * score. When characters of the name had to be replaced, the label starts with the entity's id, which is in the answer.
 */
export function nameLabel(
  { id, text, type }: Entity,
  score: number | null,
  maximumWidth: number,
  lettering: Lettering,
): string {
  const { font, size } = lettering;
  const name = drawableLine(text, lettering);
  const mark = lettering.onlyFont && name.includes(MISSING) ? `${id} ` : "";
  const typeLabel = isolate(fitText(drawableLine(type, lettering), size, maximumWidth / 3, font));
  const rest = ` · ${typeLabel}${score === null ? "" : ` ${score.toFixed(2)}`}`;
  return `${mark}${isolate(fitText(name, size, maximumWidth - textWidth(mark + rest, size, font), font))}${rest}`;
}

/** A name as one line of characters that can be drawn. */
function drawableLine(text: string, { font, onlyFont }: Lettering): string {
  const line = oneLine(text);
  return onlyFont ? drawable(line, font) : line;
}

/** One line of text as SVG, with its top left corner at `x`, `y`. */
export function textLine(text: string, x: number, y: number, ink: string, { size }: Lettering): string {
  const at = `x="${round(x)}" y="${round(y + BASELINE * size)}" fill="${ink}"`;
  return `<text ${at} font-family="${FAMILY}" font-weight="bold" font-size="${size}">${escapeXml(text)}</text>`;
}

/** Rounds to a tenth of a pixel; finer differences cannot be seen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
