import type { StreamEventName } from "../../schemas/stream.ts";
import type { RunEvent } from "./events.ts";

/** A finding as the stream of a run's events has it; null for one that only the answer tells. */
export function streamEvent(found: RunEvent): { readonly event: StreamEventName; readonly data: object } | null {
  switch (found.event) {
    case "mention":
      return { event: "mention", data: { entity: found.entity, mention: found.mention } };
    case "expression":
      return { event: "expression", data: { entity_id: found.entity_id, expression: found.expression } };
    case "visibility":
      return { event: "visibility", data: { entity_id: found.entity_id, ...found.visibility } };
    case "region":
      return { event: "region", data: { entity_id: found.entity_id, ...found.region } };
    case "mask":
      return { event: "mask", data: { region_id: found.region_id, ...found.mask } };
    case "problem":
      return { event: "problem", data: found.problem };
    case "stage":
      return null;
  }
}
