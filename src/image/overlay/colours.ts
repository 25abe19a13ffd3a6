/** What tells entities with the same colour apart: plain is the first to use a colour, then come the patterns. */
export type Pattern = "plain" | "hatch" | "dots" | "grid";

/** How an entity is drawn: its outline, its tint and the plates of its labels. */
export interface Style {
  readonly fill: string;
  /**
   * Colour of text on `fill`, and of the halo around a line of `fill`. Its contrast with `fill` is 5:1 or more (WCAG
   * 2.2, 1.4.3, asks for 4.5:1), so that on any background one of the two shows.
   */
  readonly ink: string;
  readonly pattern: Pattern;
}

const [BLACK, WHITE] = ["#000000", "#ffffff"];

/**
 * Eight colours, of which each two are at least 35 apart in CIELAB, as seen with normal vision and without one of the
 * three kinds of cones (Machado, Oliveira and Fernandes 2009, severity 1). Found by simulated annealing from Okabe and
 * Ito's (2008), which are 16 apart. The first few are farthest apart. Cyan comes first: skin, clothes and rooms have
 * least of it, and a face stays clear under its tint.
 */
const COLOURS = [
  { fill: "#41ffff", ink: BLACK },
  { fill: "#d38427", ink: BLACK },
  { fill: "#132afc", ink: WHITE },
  { fill: "#7731a2", ink: WHITE },
  { fill: "#ffdc00", ink: BLACK },
  { fill: "#c0f2a1", ink: BLACK },
  { fill: "#319c8b", ink: BLACK },
  { fill: "#a80629", ink: WHITE },
] as const;
const PATTERNS = ["plain", "hatch", "dots", "grid"] as const;

/** Every style once, the easiest to tell apart first. */
export const STYLES: readonly Style[] = PATTERNS.flatMap((pattern) =>
  COLOURS.map((colour) => ({ ...colour, pattern })),
);

/** The style of the entity that is drawn as number `index`, from 0. From the 33rd entity on, styles repeat. */
export function styleAt(index: number): Style {
  return STYLES[index % STYLES.length] as Style;
}

/** The background around a thin picture and behind the legend, and the two colours of text on it. */
export const GROUND = "#1b1b1b";
export const [LIGHT, DIM] = [WHITE, "#b8b8b8"];
