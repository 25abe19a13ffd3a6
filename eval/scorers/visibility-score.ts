import { boxIou } from "../../schemas/geometry.ts";
import type { Case, Claim } from "./claims.ts";

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
  readonly noes: Noes;
}

/** What a system says when it does not say yes, over the gold entities that it found. */
export interface Noes {
  /** A no, and the entity is not there. */
  readonly right_no: number;
  /** A no, and the entity is there. */
  readonly wrong_no: number;
  /** "Cannot tell", and the entity is there. */
  readonly cannot_tell_visible: number;
  /** "Cannot tell", and the entity is not there. */
  readonly cannot_tell_hidden: number;
}

/** Least IoU of a right box. */
export const RIGHT_BOX = 0.5;

/** Whether the picture shows the entity. */
export const isShown = ({ gold }: Case): boolean => gold.things.length > 0;

/**
 * Score claims against gold. An entity that was not found is not answered: it is never right, and it is a miss where it
 * is visible. "Cannot tell" is no answer either: neither a yes nor a right no.
 * @param spurious claims about mentions that are no gold entity: a yes is a false yes
 */
export function scoreVisibility(cases: readonly Case[], spurious: readonly Claim[]): VisibilityScore {
  const shown = cases.filter(isShown);
  const hidden = cases.filter((one) => !isShown(one));
  const says = (visible: boolean | null) => (one: Case) => one.claim?.visible === visible;
  const hits = shown.filter(says(true)).length;
  const yes = hits + hidden.filter(says(true)).length + spurious.filter(({ visible }) => visible).length;
  const right_boxes = shown.filter(({ gold, claim }) => {
    const box = claim?.visible ? claim.region?.box : null;
    return box && gold.things.some((thing) => boxIou(thing.box, box) >= RIGHT_BOX);
  }).length;
  const rightly_none = hidden.filter((one) => says(false)(one) && !one.claim?.region).length;
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
    noes: {
      right_no: hidden.filter(says(false)).length,
      wrong_no: shown.filter(says(false)).length,
      cannot_tell_visible: shown.filter(says(null)).length,
      cannot_tell_hidden: hidden.filter(says(null)).length,
    },
  };
}
