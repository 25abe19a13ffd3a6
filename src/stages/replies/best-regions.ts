import { LIMITS } from "../../../schemas/limits.ts";
import type { GroundedRegion } from "../../../schemas/stages/grounding.ts";

/** Maximum boxes that a detector may answer with. OWLv2 at 960 pixels has 3,600 before any threshold. */
export const MOST_DETECTIONS = 5_000;

/** The boxes that an entity may have, best first: a detector lists all above its threshold. */
export function bestRegions<Region extends GroundedRegion & { readonly score: number }>(
  regions: readonly Region[],
): Region[] {
  return regions.toSorted((a, b) => b.score - a.score).slice(0, LIMITS.entityRegions);
}
