import type { AnsweredEntity } from "../../eval/readers/answers.ts";
import type { GoldEntity, Thing } from "../../eval/readers/example-sets.ts";
import type { Claim } from "../../eval/scorers/claims.ts";
import type { Box } from "../../schemas/primitives.ts";

/** A box of a row of pictures' width: from x to x + width, 10 high. */
export const boxAt = (x: number, width = 10): Box => ({ xmin: x, ymin: 0, xmax: x + width, ymax: 10 });

/** A person at a box, without a mask. */
export const thingAt = (box: Box, rest: Partial<Thing> = {}): Thing => {
  return { kind: "PER", box, mask: null, maskName: null, overlaps: false, isCandidate: true, ...rest };
};

/** A gold entity of these things. */
export const goldOf = (things: readonly Thing[], isDecided: boolean | null = true): GoldEntity => {
  return { start: 0, end: 1, things, isDecided };
};

/** A yes with a box. */
export const yes = (box: Box, basis: string | null = null): Claim => {
  return { visible: true, probability: 1, region: { box, mask: null, mask_score: null, basis } };
};
export const NO: Claim = { visible: false, probability: 0, region: null };
export const CANNOT_TELL: Claim = { visible: null, probability: 0.5, region: null };

/** An answered PER at a span, with a box where it is visible. */
export const answeredAt = (start: number, end: number, visible: boolean | null, box = boxAt(0)): AnsweredEntity => {
  const region = { box, score: null, mask: null, mask_score: null };
  return {
    type: "PER",
    mentions: [{ start, end }],
    visible,
    visibility: { score: null },
    regions: visible ? [region] : [],
  };
};
