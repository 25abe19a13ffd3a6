import type * as z from "zod/mini";
import type { MaskEvent, MentionEvent, RegionEvent, VisibilityEvent } from "../../schemas/stream.ts";

/**
 * A finding of a job in a sentence; null for one that tells a person nothing.
 *
 * @param names of the entities so far, by id: those that the finding names are added
 */
export function progressOf(event: string, data: unknown, names: Map<string, string>): string | null {
  switch (event) {
    case "mention": {
      const { entity } = data as z.infer<typeof MentionEvent>;
      if (names.has(entity.id)) return null;
      names.set(entity.id, entity.text);
      return `Found ${entity.text} (${entity.type}) in the text.`;
    }
    case "visibility": {
      const { entity_id, visible } = data as z.infer<typeof VisibilityEvent>;
      return `${names.get(entity_id) ?? entity_id}: ${visibilityText(visible)}.`;
    }
    case "region":
      return `${names.get((data as z.infer<typeof RegionEvent>).entity_id) ?? "An entity"}: has a box.`;
    case "mask": {
      const { region_id, mask_reason } = data as z.infer<typeof MaskEvent>;
      const name = names.get(region_id.split("-")[0] ?? "") ?? region_id;
      return `${name}: ${mask_reason === null ? "has a mask" : `has no mask (${mask_reason})`}.`;
    }
    default:
      return null;
  }
}

/** What `visible` says, in words. */
export function visibilityText(visible: boolean | null): string {
  if (visible === null) return "cannot tell whether it is in the picture";
  return visible ? "in the picture" : "not in the picture";
}
