import { gmnerTypeOf } from "../../../schemas/labels.ts";
import type { EntityType } from "../../../schemas/primitives.ts";

export interface Colour {
  readonly fill: string;
  /**
   * Readable on `fill` with a contrast of 5:1 or more (WCAG 2.2 asks 4.5:1), and so what sets a line of `fill` off from
   * any ground.
   */
  readonly ink: string;
}

/** Four of Okabe and Ito's colours (2008), which people with any common colour blindness tell apart. */
const COLOURS: Readonly<Record<EntityType, Colour>> = {
  PER: { fill: "#e69f00", ink: "#000000" },
  LOC: { fill: "#009e73", ink: "#000000" },
  ORG: { fill: "#0072b2", ink: "#ffffff" },
  OTHER: { fill: "#cc79a7", ink: "#000000" },
};

/** The colour of a type of any label set: that of the one of GMNER's four which it belongs to. */
export function colourOf(type: string): Colour {
  return COLOURS[gmnerTypeOf(type)];
}

/** Behind a picture that is smaller than its drawing, and behind the legend; and what is written there. */
export const GROUND = "#1b1b1b";
export const [LIGHT, DIM] = ["#ffffff", "#b8b8b8"];
