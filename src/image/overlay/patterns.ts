import type { Pattern, Style } from "./colours.ts";

/** Side of a pattern's tile, in parts of the font size. */
export const TILE = 0.7;

/** What a tile of side 10 shows. A hatch runs over the tile's corners, so that tiles join without a gap. */
const SHAPES: Readonly<Record<Exclude<Pattern, "plain">, string>> = {
  hatch: '<path d="M-2.5 2.5l5-5M-2.5 12.5l15-15M7.5 12.5l5-5" stroke-width="2.6"/>',
  dots: '<circle cx="5" cy="5" r="1.5" stroke-width="2"/>',
  grid: '<path d="M0 5h10M5 0v10" stroke-width="2"/>',
};

const nameOf = (pattern: Pattern, colour: string) => `${pattern}-${colour.slice(1)}`;

/** The `<defs>` of the patterns that these styles use: over a tint in the style's colour, on a plate in its ink. */
export function patternDefinitions(styles: readonly Style[], fontSize: number): string {
  const tiles = new Map<string, string>();
  for (const { pattern, fill, ink } of styles) {
    if (pattern === "plain") continue;
    for (const colour of [fill, ink]) {
      const name = nameOf(pattern, colour);
      tiles.set(
        name,
        `<pattern id="${name}" width="10" height="10" patternUnits="userSpaceOnUse" ` +
          `patternTransform="scale(${(TILE * fontSize) / 10})"><g fill="${colour}" stroke="${colour}">` +
          `${SHAPES[pattern]}</g></pattern>`,
      );
    }
  }
  return tiles.size === 0 ? "" : `<defs>${[...tiles.values()].join("")}</defs>`;
}

/** The paint of a style's pattern, over a tint or on a plate; null for a plain style. */
export function patternPaint({ pattern, fill, ink }: Style, on: "tint" | "plate"): string | null {
  return pattern === "plain" ? null : `url(#${nameOf(pattern, on === "tint" ? fill : ink)})`;
}

/** Dashes of a style's outline, in parts of its width; null for an outline without gaps. */
export function dashesOf({ pattern }: Style): readonly number[] | null {
  return { plain: null, hatch: [5, 2.5], dots: [1.5, 2.5], grid: [6, 2.5, 1.5, 2.5] }[pattern];
}
