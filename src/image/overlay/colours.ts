import { gmnerTypeOf } from "../../../schemas/labels.ts";
import type { EntityType } from "../../../schemas/primitives.ts";

export interface Colour {
  readonly fill: string;
  /**
   * Colour of text on `fill`, and of the halo around a line of `fill`. Its contrast with `fill` is 5:1 or more (WCAG
   * 2.2, 1.4.3, asks for 4.5:1).
   */
  readonly ink: string;
}

/** Four of Okabe and Ito's colours (2008), which people with the common forms of colour blindness can tell apart. */
const COLOURS: Readonly<Record<EntityType, Colour>> = {
  PER: { fill: "#e69f00", ink: "#000000" },
  LOC: { fill: "#009e73", ink: "#000000" },
  ORG: { fill: "#0072b2", ink: "#ffffff" },
  OTHER: { fill: "#cc79a7", ink: "#000000" },
};

/** The colour of a type of any label set: the colour of the GMNER type that it belongs to. */
export function colourOf(type: string): Colour {
  return COLOURS[gmnerTypeOf(type)];
}

/** The background around a thin picture and behind the legend, and the two colours of text on it. */
export const GROUND = "#1b1b1b";
export const [LIGHT, DIM] = ["#ffffff", "#b8b8b8"];
