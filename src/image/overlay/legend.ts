import type { Size } from "../../../schemas/primitives.ts";
import { colourOf, DIM, LIGHT } from "./colours.ts";
import { type Lettering, LINE, round, textLine } from "./lettering.ts";
import { textWidth } from "./text.ts";

/** What is written below the picture. */
export interface Legend {
  /** Sentences about the whole answer, above the names. */
  readonly notices: readonly string[];
  readonly groups: readonly LegendGroup[];
}

/** Entities of one kind: a heading and the entries behind it. */
export interface LegendGroup {
  readonly heading: string;
  readonly entries: ReadonlyArray<{ readonly label: string; readonly type: string }>;
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
 * Draws a strip below the frame, on as many lines as it needs: each notice has a line of its own, and each group starts
 * a line with its heading. Groups without entries are left out. Draws nothing, of height 0, when there is nothing to
 * write.
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
  for (const notice of notices) {
    y += line;
    drawn.push(textLine(notice, margin, y, LIGHT, lettering));
  }
  for (const { heading, entries } of groups) {
    if (entries.length === 0) continue;
    y += line;
    drawn.push(textLine(`${heading}:`, margin, y, DIM, lettering));
    x = margin + textWidth(`${heading}:`, size, font) + GAP * size;
    for (const { label, type } of entries) {
      const wide = SWATCH * size + textWidth(label, size, font);
      if (x + wide > width - margin) [x, y] = [margin, y + line];
      const side = round(0.7 * size);
      const square = `x="${round(x)}" y="${round(y + 0.35 * size)}" width="${side}" height="${side}"`;
      drawn.push(
        `<rect ${square} fill="${colourOf(type).fill}"/>`,
        textLine(label, x + SWATCH * size, y, LIGHT, lettering),
      );
      x += wide + GAP * size;
    }
  }
  if (drawn.length === 0) return { svg: "", height: 0 };
  return { svg: drawn.join(""), height: Math.ceil(y + line + margin - top) };
}
