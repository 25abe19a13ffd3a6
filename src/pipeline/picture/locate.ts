import { clampBox } from "../../../schemas/geometry.ts";
import type { Link, StageLink } from "../../../schemas/link.ts";
import type { Box, Size, StageEntity } from "../../../schemas/primitives.ts";
import type { GroundedRegion } from "../../../schemas/stages/grounding.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import type { FoundRegion } from "../events.ts";
import { toCaller } from "./frame.ts";

/** A region of an entity, with its box in both frames. */
export interface LocatedRegion {
  readonly entityId: string;
  readonly type: string | undefined;
  readonly expression?: string | undefined;
  /** The region as the answer has it: its box is in pixels of the caller's upright picture. */
  readonly region: FoundRegion;
  /** The box in the pixels that models saw. */
  readonly modelBox: Box;
}

/** The link of a box whose model does not say why it chose it. */
const CHOSEN_BY_MODEL: Link = { basis: "model", score: null, alternatives: [] };

/**
 * The regions of entities in the caller's picture. Ids name the entity and the region, as in `e1-r1`, so that they are
 * the same whichever entity is located first. Boxes are clamped to the picture. A box that lies outside it, or that
 * scores less than the threshold, is dropped. A box without a score stays. Of the alternatives of a link, those stay
 * that are the box of another region.
 *
 * @param grounded by entity id, boxes in the pixels that models saw
 * @param size of the caller's upright picture
 */
export function locate(
  entities: readonly Pick<StageEntity, "id" | "type" | "expression">[],
  grounded: ReadonlyMap<string, readonly GroundedRegion[]>,
  picture: Pick<PictureRef, "size" | "orientation">,
  size: Size,
  threshold: number,
): LocatedRegion[] {
  const located: Array<LocatedRegion & { readonly link: StageLink | undefined }> = [];
  /** The ids of the regions that have a box, by its corners. */
  const idsByBox = new Map<string, string[]>();
  for (const { id: entityId, type, expression } of entities) {
    let regions = 0;
    for (const { box: found, score, method, evidence = null, link } of grounded.get(entityId) ?? []) {
      const modelBox = clampBox(found, picture.size);
      const box = modelBox && clampBox(toCaller(modelBox, picture, size), size);
      if (!box || (score !== null && score < threshold)) continue;
      regions++;
      const id = `${entityId}-r${regions}`;
      const region = { id, box, score, method, evidence, link: CHOSEN_BY_MODEL };
      located.push({ entityId, type, expression, region, modelBox, link });
      idsByBox.set(cornersOf(modelBox), [...(idsByBox.get(cornersOf(modelBox)) ?? []), id]);
    }
  }
  return located.map(({ link, region, ...place }) => {
    if (!link) return { ...place, region };
    const { basis, score, alternatives } = link;
    const ids = alternatives.flatMap((found) => {
      const box = clampBox(found, picture.size);
      // Two names may have one box: the first of its regions stands for it.
      return (box && idsByBox.get(cornersOf(box))?.slice(0, 1)) ?? [];
    });
    const others = [...new Set(ids)].filter((id) => id !== region.id);
    return { ...place, region: { ...region, link: { basis, score, alternatives: others } } };
  });
}

function cornersOf({ xmin, ymin, xmax, ymax }: Box): string {
  return `${xmin} ${ymin} ${xmax} ${ymax}`;
}
