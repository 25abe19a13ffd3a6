import { LIMITS } from "../../../schemas/limits.ts";
import { rleOf } from "../../../schemas/polygon.ts";
import type { RleMask, Size } from "../../../schemas/primitives.ts";
import type { Entity } from "../../../schemas/recognize.ts";
import { resizeRle, rleRuns } from "../../../schemas/rle.ts";

/**
 * The entities with the regions that are drawn, `LIMITS.overlayRegions` of all: first the best of each entity, then the
 * second best, and so on. A drawing of thousands of boxes shows nothing and takes minutes.
 */
export function shownEntities(entities: readonly Entity[]): { shown: Entity[]; left: number } {
  const named = entities.slice(0, LIMITS.entities);
  const counts = named.map(() => 0);
  const most = named.reduce((longest, { regions }) => Math.max(longest, regions.length), 0);
  let room: number = LIMITS.overlayRegions;
  for (let rank = 0; rank < most && room > 0; rank++) {
    for (const [index, { regions }] of named.entries()) {
      if (regions.length <= rank || room === 0) continue;
      counts[index] = rank + 1;
      room--;
    }
  }
  const shown = named.map((entity, index) => ({ ...entity, regions: entity.regions.slice(0, counts[index]) }));
  const all = named.reduce((sum, { regions }) => sum + regions.length, 0);
  return { shown, left: all - (LIMITS.overlayRegions - room) };
}

/**
 * The masks at the size of the drawing; null for a region without one, and for those beyond `LIMITS.overlayMaskCounts`
 * run lengths of all together.
 */
export function shownMasks(masks: ReadonlyArray<Entity["regions"][number]["mask"]>, size: Size): Array<RleMask | null> {
  let room: number = LIMITS.overlayMaskCounts;
  return masks.map((mask) => {
    if (!mask || room < 0) return null;
    const scaled = resized(mask, size);
    room -= scaled ? 2 * rleRuns(scaled).length : LIMITS.overlayMaskCounts;
    return room < 0 ? null : scaled;
  });
}

/** Null for a mask that has too many runs at this size. */
function resized(mask: NonNullable<Entity["regions"][number]["mask"]>, size: Size): RleMask | null {
  try {
    return resizeRle(rleOf(mask), size);
  } catch (error) {
    if (error instanceof RangeError) return null;
    throw error;
  }
}
