import { boxIou } from "../../schemas/geometry.ts";
import { polygonsOfRle } from "../../schemas/polygon.ts";
import type { Box, RleMask } from "../../schemas/primitives.ts";
import { rleArea, rleBounds, rleIou, rleShared } from "../../schemas/rle.ts";
import type { CorrectedAnnotation } from "./corrected-file.ts";
import type { Proposal } from "./proposals.ts";

/** An annotation that has a mask. */
export interface MaskedAnnotation {
  readonly annotation: CorrectedAnnotation;
  readonly mask: RleMask;
}

/**
 * By what an annotation was linked: the attribute `link`; its id with its category and its mask; its category and its
 * overlap; or as a part of a mask that has several.
 */
export type LinkedBy = "attributes" | "id" | "overlap" | "part";

export interface Link extends MaskedAnnotation {
  readonly by: LinkedBy;
}

/** The annotations of one picture, by the proposal that they are of. */
export interface Links {
  readonly byProposal: ReadonlyMap<Proposal, readonly Link[]>;
  readonly unlinked: readonly { readonly annotation: CorrectedAnnotation; readonly why: string }[];
}

/** Least IoU of a mask with the proposal of the same annotation id: tools number annotations anew. */
export const ID_IOU = 0.5;
/** Least IoU with a proposal's mask, or of the bounds with its gold box, without an id that says the same. */
export const OVERLAP_IOU = 0.3;
/** Least share of a part's area inside the mask of which it is a part. */
export const PART_SHARE = 0.8;

/**
 * Links the annotations of a picture to its proposals: first by their attributes, then by id, category and overlap,
 * then by category and the highest overlap, one to one and the best first. At last, what lies inside of a proposed mask
 * of several parts is one of them: Label Studio makes an annotation of each. Proposals without a mask are linked by
 * their gold box.
 */
export function linkAnnotations(annotations: readonly MaskedAnnotation[], proposals: readonly Proposal[]): Links {
  const byProposal = new Map<Proposal, Link[]>();
  const unlinked: Array<Links["unlinked"][number]> = [];
  const add = (proposal: Proposal, masked: MaskedAnnotation, by: LinkedBy) => {
    byProposal.set(proposal, [...(byProposal.get(proposal) ?? []), { ...masked, by }]);
    left.delete(masked);
  };
  const left = new Set(annotations);
  for (const masked of annotations) {
    const { link } = masked.annotation;
    if (link === null) continue;
    const proposal = proposals.find((one) => one.link === link);
    if (proposal) add(proposal, masked, "attributes");
    else {
      unlinked.push({
        annotation: masked.annotation,
        why: `its attribute link is ${link}, which is not of this picture`,
      });
      left.delete(masked);
    }
  }
  const free = () => proposals.filter((proposal) => !byProposal.has(proposal));
  for (const masked of [...left]) {
    const { id, category } = masked.annotation;
    const proposal = free().find(({ annotation_id }) => annotation_id !== null && annotation_id === id);
    if (proposal?.type === category && maskIou(masked, proposal) >= ID_IOU) add(proposal, masked, "id");
  }
  for (const { masked, proposal } of bestFirst([...left], free())) {
    if (left.has(masked) && !byProposal.has(proposal)) add(proposal, masked, "overlap");
  }
  for (const masked of [...left]) {
    const whole = proposals.find((proposal) => isPart(masked, proposal));
    if (whole) add(whole, masked, "part");
  }
  const why = `no free proposal of its category and picture has an IoU of ${OVERLAP_IOU} with it`;
  return { byProposal, unlinked: [...unlinked, ...[...left].map(({ annotation }) => ({ annotation, why }))] };
}

/** Whether a box without a mask is of a proposal: tools write one beside each mask. */
export function isBoxOfProposal({ bbox, category }: CorrectedAnnotation, proposals: readonly Proposal[]): boolean {
  const [x = 0, y = 0, width = 0, height = 0] = bbox ?? [];
  const box = { xmin: x, ymin: y, xmax: x + width, ymax: y + height };
  return proposals.some((proposal) => proposal.type === category && boundsIou(box, proposal) >= OVERLAP_IOU);
}

/** Every pair of one category that overlaps enough, the best first; equal ones in the order of the file. */
function bestFirst(annotations: readonly MaskedAnnotation[], proposals: readonly Proposal[]) {
  const pairs = annotations.flatMap((masked) =>
    proposals
      .filter(({ type }) => type === masked.annotation.category)
      .map((proposal) => ({ masked, proposal, iou: overlapOf(masked, proposal) })),
  );
  return pairs.filter(({ iou }) => iou >= OVERLAP_IOU).toSorted((a, b) => b.iou - a.iou);
}

function overlapOf(masked: MaskedAnnotation, proposal: Proposal): number {
  const bounds = rleBounds(masked.mask);
  return Math.max(maskIou(masked, proposal), bounds ? boxIou(bounds, goldBox(proposal)) : 0);
}

function maskIou({ mask }: MaskedAnnotation, proposal: Proposal): number {
  return proposal.mask ? rleIou(mask, proposal.mask) : 0;
}

/** The IoU of a box with the gold box or the bounds of the proposed mask, whichever is higher. */
function boundsIou(box: Box, proposal: Proposal): number {
  const bounds = proposal.mask && rleBounds(proposal.mask);
  return Math.max(boxIou(box, goldBox(proposal)), bounds ? boxIou(box, bounds) : 0);
}

function isPart({ annotation, mask }: MaskedAnnotation, { type, mask: whole }: Proposal): boolean {
  if (type !== annotation.category || !whole || rleShared(mask, whole) < PART_SHARE * rleArea(mask)) return false;
  return polygonsOfRle(whole).polygons.length > 1;
}

function goldBox({ box: [xmin, ymin, xmax, ymax] }: Proposal): Box {
  return { xmin, ymin, xmax, ymax };
}
