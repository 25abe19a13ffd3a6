import type { Size } from "../../../schemas/primitives.ts";
import { colourOf, DIM, LIGHT } from "./colours.ts";
import { type Lettering, LINE, round, textLine } from "./lettering.ts";
import { textWidth } from "./text.ts";

/** Names of one kind: a heading, and what is listed behind it. */
export interface LegendGroup {
  readonly heading: string;
  readonly entries: ReadonlyArray<{ readonly label: string; readonly type: string }>;
}

/**
 * Widths in parts of the font size: around the legend, between two entries, and of an entry's coloured square with the
 * room behind it.
 */
const [MARGIN, GAP, SWATCH] = [0.5, 0.9, 1];

/** The widest that an entry's label can be in a drawing so wide. */
export function legendRoom(width: number, { size }: Lettering): number {
  return width - (2 * MARGIN + SWATCH) * size;
}

/**
 * A strip below the frame, on as many lines as it needs: each group begins a line with its heading. Nothing without
 * entries.
 */
export function drawLegend(
  groups: readonly LegendGroup[],
  frame: Size,
  lettering: Lettering,
): { svg: string; height: number } {
  const { size, font } = lettering;
  const { width, height: top } = frame;
  const [margin, line] = [MARGIN * size, 1.2 * LINE * size];
  let [x, y] = [margin, top + margin - line];
  const drawn: string[] = [];
  for (const { heading, entries } of groups) {
    if (entries.length === 0) continue;
    y += line;
    drawn.push(textLine(`${heading}:`, margin, y, DIM, lettering));
    x = margin + textWidth(`${heading}:`, size, font) + GAP * size;
    for (const { label, type } of entries) {
      const wide = SWATCH * size + textWidth(label, size, font);
      if (x + wide > width - margin) [x, y] = [margin, y + line];
      const square = `x="${round(x)}" y="${round(y + 0.35 * size)}" width="${round(0.7 * size)}" height="${round(0.7 * size)}"`;
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
