import type { Size } from "../../../schemas/primitives.ts";
import { DIM, LIGHT, type Style } from "./colours.ts";
import { type Lettering, LINE, round, textLine } from "./lettering.ts";
import { patternPaint, TILE } from "./patterns.ts";
import { textWidth, wrapText } from "./text.ts";

/** What is written below the picture. */
export interface Legend {
  /** Sentences about the whole answer, above the names. */
  readonly notices: readonly string[];
  readonly groups: readonly LegendGroup[];
}

/** Entities of one kind: a heading and the entries behind it. */
export interface LegendGroup {
  readonly heading: string;
  /** An entry starts with a square in the style of its box; without one, when it has none. */
  readonly entries: ReadonlyArray<{ readonly label: string; readonly style: Style | null }>;
}

/**
 * Widths in parts of the font size: the legend's margin, the gap between two entries, and an entry's coloured square
 * with the gap behind it.
 */
const [MARGIN, GAP, SWATCH] = [0.5, 0.9, 1];

/** The widest label that an entry can have, in pixels, in a drawing of this width. */
export function legendRoom(width: number, { size }: Lettering): number {
  return width - (2 * MARGIN + SWATCH) * size;
}

/**
 * Draws a strip below the frame, on as many lines as it needs: each notice and each group starts a line, a group with
 * its heading. Groups without entries are left out. Draws nothing, of height 0, when there is nothing to write.
 */
export function drawLegend(
  { notices, groups }: Legend,
  frame: Size,
  lettering: Lettering,
): { svg: string; height: number } {
  const { size, font } = lettering;
  const { width, height: top } = frame;
  const [margin, line] = [MARGIN * size, 1.2 * LINE * size];
  let [x, y] = [margin, top + margin - line];
  const drawn: string[] = [];
  for (const text of notices.flatMap((notice) => wrapText(notice, size, width - 2 * margin, font))) {
    y += line;
    drawn.push(textLine(text, margin, y, LIGHT, lettering));
  }
  for (const { heading, entries } of groups) {
    if (entries.length === 0) continue;
    y += line;
    drawn.push(textLine(`${heading}:`, margin, y, DIM, lettering));
    x = margin + textWidth(`${heading}:`, size, font) + GAP * size;
    for (const { label, style } of entries) {
      const square = style ? SWATCH * size : 0;
      const wide = square + textWidth(label, size, font);
      if (x + wide > width - margin) [x, y] = [margin, y + line];
      if (style) drawn.push(swatch(style, x, y, size));
      drawn.push(textLine(label, x + square, y, LIGHT, lettering));
      x += wide + GAP * size;
    }
  }
  if (drawn.length === 0) return { svg: "", height: 0 };
  return { svg: drawn.join(""), height: Math.ceil(y + line + margin - top) };
}

function swatch(style: Style, x: number, y: number, size: number): string {
  const side = round(TILE * size);
  const paint = patternPaint(style, "plate");
  const square = `<rect width="${side}" height="${side}"`;
  // The outline keeps a dark colour apart from the dark ground. The pattern's tile starts at the square's corner.
  return (
    `<g transform="translate(${round(x)} ${round(y + (LINE * size - side) / 2)})">` +
    `${square} fill="${style.fill}" stroke="${LIGHT}" stroke-opacity="0.6"/>` +
    `${paint === null ? "" : `${square} fill="${paint}"/>`}</g>`
  );
}
