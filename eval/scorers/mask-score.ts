import { boxIou } from "../../schemas/geometry.ts";
import type { Box, RleMask } from "../../schemas/primitives.ts";
import { rleArea, rleDifference, rleIntersection, rleIou, rleUnion } from "../../schemas/rle.ts";
import type { Thing } from "../readers/example-sets.ts";
import type { PostCases } from "./link-score.ts";
import { rankCorrelation } from "./rank-correlation.ts";
import { meanOf } from "./reliability.ts";
import { RIGHT_BOX } from "./visibility-score.ts";

/** Masks against the gold masks of the visible entities. */
export interface MaskAgreement {
  /** Visible entities with a gold mask. */
  readonly gold: number;
  /** Of `gold`, those that were given a mask. */
  readonly answered: number;
  /** Mean IoU with the entity's own gold mask over `gold`; without a mask it is 0. Wrong links count. */
  readonly iou: number | null;
  /** Masks that lie on a thing with a gold mask: their box fits it best, with IoU >= 0.5. */
  readonly placed: number;
  /** Mean IoU of these with the mask of the thing that they lie on, whosever it is. Wrong links do not count. */
  readonly placed_iou: number | null;
}

/** Pixels that masks of one post share. Masks whose boxes are the same thing (IoU >= 0.9) count as one. */
export interface SharedPixels {
  /** Posts with two masks or more. */
  readonly posts: number;
  /** Mean over these posts of the shared pixels' share of the masks' union. */
  readonly mean: number | null;
  /** Shared pixels of all these posts, of their unions' pixels. */
  readonly shared: number;
  readonly union: number;
}

export interface MaskScore {
  /** People, animals, buildings and things. */
  readonly things: MaskAgreement;
  /** Of `things`, those that another subject overlaps. */
  readonly overlapping: MaskAgreement;
  readonly prints: MaskAgreement;
  readonly shared: SharedPixels;
  /** Rank correlation of `mask_score` with the IoU of the placed masks; scores that are null are left out. */
  readonly rank: { readonly correlation: number | null; readonly masks: number };
  /** Mean IoU by the mask's name, over the posts that led to a mask. */
  readonly named: readonly NamedMask[];
}

export interface NamedMask {
  readonly mask: string;
  readonly iou: number | null;
  readonly posts: number;
  readonly answered: number;
}

/** A post and every mask that its answer has, in the order of the answer. */
export interface PostMasks extends PostCases {
  readonly masks: ReadonlyArray<{ readonly box: Box; readonly mask: RleMask; readonly score: number | null }>;
}

const SAME_THING = 0.9;

/** Score the masks of posts. */
export function scoreMasks(posts: readonly PostMasks[]): MaskScore {
  const asked = posts.flatMap(({ cases }) =>
    cases.flatMap(({ gold, claim }) => {
      const thing = gold.things.find(({ mask }) => mask);
      const mask = claim?.visible ? (claim.region?.mask ?? null) : null;
      return thing ? [{ thing, iou: mask && bestIou(mask, gold.things) }] : [];
    }),
  );
  const placed = posts.flatMap(({ masks, things }) =>
    masks.flatMap(({ box, mask, score }) => {
      const thing = thingUnder(box, things);
      return thing?.mask ? [{ thing, score, iou: rleIou(mask, thing.mask) }] : [];
    }),
  );
  const agreement = (includes: (thing: Thing) => boolean): MaskAgreement => {
    const gold = asked.filter(({ thing }) => includes(thing));
    const lying = placed.filter(({ thing }) => includes(thing));
    return {
      gold: gold.length,
      answered: gold.filter(({ iou }) => iou !== null).length,
      iou: meanOf(gold.map(({ iou }) => iou ?? 0)),
      placed: lying.length,
      placed_iou: meanOf(lying.map(({ iou }) => iou)),
    };
  };
  const scored = placed.flatMap(({ score, iou }) => (score === null ? [] : [[score, iou] as const]));
  return {
    things: agreement(({ kind }) => kind !== "print"),
    overlapping: agreement(({ overlaps }) => overlaps),
    prints: agreement(({ kind }) => kind === "print"),
    shared: sharedPixels(posts),
    rank: { correlation: rankCorrelation(scored), masks: scored.length },
    named: namedMasks(asked),
  };
}

function bestIou(mask: RleMask, things: readonly Thing[]): number {
  return Math.max(...things.flatMap((thing) => (thing.mask ? [rleIou(mask, thing.mask)] : [])));
}

/** The thing that a box fits best; null when it fits none. */
function thingUnder(box: Box, things: readonly Thing[]): Thing | null {
  const [best] = things.map((thing) => ({ thing, iou: boxIou(thing.box, box) })).toSorted((a, b) => b.iou - a.iou);
  return best && best.iou >= RIGHT_BOX ? best.thing : null;
}

function sharedPixels(posts: readonly PostMasks[]): SharedPixels {
  const counts = posts.flatMap(({ masks }) => {
    const apart = masks.filter(
      ({ box }, index) => !masks.slice(0, index).some((other) => boxIou(other.box, box) >= SAME_THING),
    );
    const [first, ...rest] = apart.map(({ mask }) => mask);
    if (!first || rest.length === 0) return [];
    let [union, shared] = [first, rleDifference(first, first)];
    for (const mask of rest) {
      shared = rleUnion(shared, rleIntersection(union, mask));
      union = rleUnion(union, mask);
    }
    return [{ shared: rleArea(shared), union: rleArea(union) }];
  });
  return {
    posts: counts.length,
    mean: meanOf(counts.map(({ shared, union }) => (union > 0 ? shared / union : 0))),
    shared: counts.reduce((sum, { shared }) => sum + shared, 0),
    union: counts.reduce((sum, { union }) => sum + union, 0),
  };
}

function namedMasks(asked: ReadonlyArray<{ thing: Thing; iou: number | null }>): NamedMask[] {
  const names = new Set(asked.flatMap(({ thing }) => thing.maskName ?? []));
  return [...names].toSorted().map((mask) => {
    const ious = asked.filter(({ thing }) => thing.maskName === mask).map(({ iou }) => iou);
    const answered = ious.filter((iou) => iou !== null);
    return { mask, iou: meanOf(answered), posts: ious.length, answered: answered.length };
  });
}
