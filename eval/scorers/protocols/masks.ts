import type { EvaluatedEntity } from "../../../schemas/evaluation.ts";
import type { RleMask } from "../../../schemas/primitives.ts";
import { rleIou, rleUnion } from "../../../schemas/rle.ts";
import { isSameSpan, matchedRows, matchInOrder, type Protocol } from "./protocol.ts";

/** IoU of what was predicted for an entity with its gold masks, which are at least one each. */
type Agreement = (gold: readonly RleMask[], predicted: readonly RleMask[]) => number;

/**
 * No scorer for SMNER is published. Both of these are the definition of GMNER with masks in place of boxes: `mask-any`
 * compares the first mask with each gold mask and takes the best; `mask-union` compares all that was predicted for an
 * entity with all of its gold, which is what a person sees.
 */
export const MASK_ANY = maskProtocol("mask-any", (gold, [first]) =>
  first ? Math.max(...gold.map((mask) => rleIou(mask, first))) : 0,
);

export const MASK_UNION = maskProtocol("mask-union", (gold, predicted) => rleIou(unionOf(gold), unionOf(predicted)));

function maskProtocol(name: string, agreement: Agreement): Protocol {
  return {
    name,
    tasks: ["smner"],
    byOffsets: true,
    count: (gold, predicted, { task, maskIou }) => {
      const sizes = new Set([gold, predicted].flatMap(({ entities }) => entities.flatMap(masksOf).map(sizeOf)));
      if (sizes.size > 1) throw new Error(`post ${gold.id}: masks have different sizes, ${[...sizes].join(" and ")}`);
      const found = matchInOrder(gold.entities, predicted.entities, (a, b) => isSameSpan(a, b, task));
      const iouByGold = new Map(
        found.map(([entity, answer]) => [entity, iouBetween(masksOf(entity), masksOf(answer), agreement)] as const),
      );
      const right = found.filter(([entity, answer]) => {
        const isShown = masksOf(entity).length > 0;
        return isShown ? (iouByGold.get(entity) ?? 0) > maskIou : masksOf(answer).length === 0;
      });
      const shown = gold.entities.filter((entity) => masksOf(entity).length > 0);
      return {
        ...matchedRows(gold.entities, predicted.entities, right),
        ious: shown.map((entity) => iouByGold.get(entity) ?? 0),
      };
    },
  };
}

function iouBetween(gold: readonly RleMask[], predicted: readonly RleMask[], agreement: Agreement): number {
  return gold.length > 0 && predicted.length > 0 ? agreement(gold, predicted) : 0;
}

function masksOf({ masks }: EvaluatedEntity): RleMask[] {
  return masks.filter((mask) => mask !== null);
}

function sizeOf({ size: [height, width] }: RleMask): string {
  return `${width} × ${height}`;
}

function unionOf(masks: readonly RleMask[]): RleMask {
  return masks.reduce(rleUnion);
}
