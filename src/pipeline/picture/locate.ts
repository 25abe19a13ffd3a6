import { clampBox } from "../../../schemas/geometry.ts";
import type { Box, Size } from "../../../schemas/primitives.ts";
import type { GroundedRegion } from "../../../schemas/stages/grounding.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import { toCaller } from "./frame.ts";

/** A box that was found, in both frames. */
export interface LocatedBox {
  /** Unique in the answer: r1, r2, … */
  readonly id: string;
  readonly entityId: string;
  readonly type: string | undefined;
  /** In pixels of the caller's upright picture. */
  readonly box: Box;
  /** In pixels of the view that models were given, turned or not. */
  readonly modelBox: Box;
  readonly score: number | null;
  readonly method: string;
}

/**
 * The boxes of the entities that may be seen: in the caller's picture, cut to it, those that score less than the
 * threshold and those of which nothing is left dropped. A box without a score stays.
 *
 * @param size of the caller's upright picture
 */
export function locate(
  entities: readonly { readonly id: string; readonly type?: string | undefined }[],
  regions: ReadonlyMap<string, readonly GroundedRegion[]>,
  view: PictureRef,
  size: Size,
  threshold: number,
): LocatedBox[] {
  const located: LocatedBox[] = [];
  for (const { id: entityId, type } of entities) {
    for (const { box: found, score, method } of regions.get(entityId) ?? []) {
      const modelBox = clampBox(found, view.size);
      const box = modelBox && clampBox(toCaller(modelBox, view, size), size);
      if (!box || (score !== null && score < threshold)) continue;
      located.push({ id: `r${located.length + 1}`, entityId, type, box, modelBox, score, method });
    }
  }
  return located;
}
