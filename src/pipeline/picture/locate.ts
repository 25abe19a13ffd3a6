import { clampBox } from "../../../schemas/geometry.ts";
import type { Box, Size } from "../../../schemas/primitives.ts";
import type { GroundedRegion } from "../../../schemas/stages/grounding.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import type { FoundRegion } from "../events.ts";
import { toCaller } from "./frame.ts";

/**
 * A region with its box in both frames: `box` in pixels of the caller's upright picture, `modelBox` as models saw it.
 */
export interface LocatedRegion extends FoundRegion {
  readonly entityId: string;
  readonly type: string | undefined;
  /** The box in the pixels that models saw. */
  readonly modelBox: Box;
}

/**
 * The regions of entities in the caller's picture, with ids r1, r2, … Boxes are clamped to the picture. A box that lies
 * outside it, or that scores less than the threshold, is dropped. A box without a score stays.
 *
 * @param grounded by entity id, boxes in the pixels that models saw
 * @param size of the caller's upright picture
 */
export function locate(
  entities: readonly { readonly id: string; readonly type?: string | undefined }[],
  grounded: ReadonlyMap<string, readonly GroundedRegion[]>,
  picture: Pick<PictureRef, "size" | "orientation">,
  size: Size,
  threshold: number,
): LocatedRegion[] {
  const located: LocatedRegion[] = [];
  for (const { id: entityId, type } of entities) {
    for (const { box: found, score, method } of grounded.get(entityId) ?? []) {
      const modelBox = clampBox(found, picture.size);
      const box = modelBox && clampBox(toCaller(modelBox, picture, size), size);
      if (!box || (score !== null && score < threshold)) continue;
      located.push({ id: `r${located.length + 1}`, entityId, type, box, modelBox, score, method });
    }
  }
  return located;
}
