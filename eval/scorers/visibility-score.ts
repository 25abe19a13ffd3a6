import { boxIou } from "../../schemas/geometry.ts";
import type { Box } from "../../schemas/primitives.ts";

/** What a system says of one mention: a box, best one alone, when it says that it is visible and where. */
export interface Claim {
  readonly visible: boolean;
  readonly box: Box | null;
}

/** One gold entity and what a system says of it; null when the system did not find the entity. */
export interface Case {
  readonly gold: readonly Box[];
  readonly claim: Claim | null;
}

export interface VisibilityScore {
  readonly precision: number;
  readonly recall: number;
  readonly f1: number;
  /** Visible entities with the right box, of `visible`. */
  readonly right_boxes: number;
  readonly visible: number;
  /** Invisible entities that are rightly given none, of `invisible`. */
  readonly rightly_none: number;
  readonly invisible: number;
  /** Both kinds together, of `entities`. */
  readonly right_answers: number;
  readonly entities: number;
}

const RIGHT_BOX = 0.5;

/**
 * Score claims against gold. An entity that was not found is not answered: it is never right, and it is a miss where it
 * is visible.
 * @param spurious claims about mentions that are no gold entity: a yes is a false yes
 */
export function scoreVisibility(cases: readonly Case[], spurious: readonly Claim[]): VisibilityScore {
  const shown = cases.filter(({ gold }) => gold.length > 0);
  const hidden = cases.filter(({ gold }) => gold.length === 0);
  const saysYes = ({ claim }: Case) => claim?.visible === true;
  const hits = shown.filter(saysYes).length;
  const yes = hits + hidden.filter(saysYes).length + spurious.filter(({ visible }) => visible).length;
  const right_boxes = shown.filter(({ gold, claim }) =>
    gold.some((box) => claim?.visible && claim.box && boxIou(box, claim.box) >= RIGHT_BOX),
  ).length;
  const rightly_none = hidden.filter(({ claim }) => claim && !claim.visible && !claim.box).length;
  return {
    precision: yes > 0 ? hits / yes : 0,
    recall: shown.length > 0 ? hits / shown.length : 0,
    f1: yes + shown.length > 0 ? (2 * hits) / (yes + shown.length) : 0,
    right_boxes,
    visible: shown.length,
    rightly_none,
    invisible: hidden.length,
    right_answers: right_boxes + rightly_none,
    entities: cases.length,
  };
}
