import type { Entity } from "../../../schemas/recognize.ts";
import type { Font } from "./font.ts";
import { drawable, escapeXml, fitText, isolate, MISSING, oneLine, textWidth } from "./text.ts";

/** How a drawing writes. */
export interface Lettering {
  readonly font: Font;
  /** In pixels. */
  readonly size: number;
  /** Whether there is no other font: what this one lacks must be replaced to be seen. */
  readonly onlyFont: boolean;
}

/** Height of a line and distance of its baseline from its top, in parts of the font size. */
export const [LINE, BASELINE] = [1.4, 1.05];
const FAMILY = "DejaVu Sans, Verdana, sans-serif";

/**
 * "name · TYPE 0.98", at most `most` pixels wide: the name is cut, not what follows it. Where characters of the name
 * are replaced, the entity's id comes first, under which the answer has it.
 */
export function nameLabel(
  { id, text, type }: Entity,
  score: number | null,
  most: number,
  lettering: Lettering,
): string {
  const { font, size } = lettering;
  const name = written(text, lettering);
  const mark = lettering.onlyFont && name.includes(MISSING) ? `${id} ` : "";
  const kind = isolate(fitText(written(type, lettering), size, most / 3, font));
  const rest = ` · ${kind}${score === null ? "" : ` ${score.toFixed(2)}`}`;
  return `${mark}${isolate(fitText(name, size, most - textWidth(mark + rest, size, font), font))}${rest}`;
}

function written(text: string, { font, onlyFont }: Lettering): string {
  const line = oneLine(text);
  return onlyFont ? drawable(line, font) : line;
}

/** One line of text as SVG, its top left corner at `x`, `y`. */
export function textLine(text: string, x: number, y: number, ink: string, { size }: Lettering): string {
  const at = `x="${round(x)}" y="${round(y + BASELINE * size)}"`;
  return `<text ${at} fill="${ink}" font-family="${FAMILY}" font-weight="bold" font-size="${size}">${escapeXml(text)}</text>`;
}

/** To a tenth of a pixel: what can be seen. */
export function round(value: number): number {
  return Math.round(value * 10) / 10;
}
