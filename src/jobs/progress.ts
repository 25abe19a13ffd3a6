import type { RunEvent } from "../pipeline/events.ts";
import type { JobProgress } from "./calls.ts";

type Entity = JobProgress["entities"][number];

/** How far a run has come by its findings: the models that were called, and every entity. */
export function progressOf(events: readonly RunEvent[]): JobProgress {
  const entities = new Map<string, Entity>();
  const owners = new Map<string, string>();
  const stages: JobProgress["stages"] = [];
  /** Notes a finding about an entity. */
  const note = (
    id: string | undefined,
    latest: Entity["latest"],
    more: (entity: Entity) => Partial<Entity> = () => ({}),
  ) => {
    const entity = entities.get(id ?? "");
    if (entity) entities.set(entity.id, { ...entity, latest, ...more(entity) });
  };
  for (const found of events) {
    switch (found.event) {
      case "mention": {
        const { id, text, type } = found.entity;
        if (entities.has(id)) break;
        entities.set(id, { id, text, type, latest: "mention", visible: null, regions: 0, masks: 0 });
        break;
      }
      case "expression":
        note(found.entity_id, "expression");
        break;
      case "visibility":
        note(found.entity_id, "visibility", () => ({ visible: found.visibility.visible }));
        break;
      case "region":
        owners.set(found.region.id, found.entity_id);
        note(found.entity_id, "region", ({ regions }) => ({ regions: regions + 1 }));
        break;
      case "mask":
        note(owners.get(found.region_id), "mask", ({ masks }) => ({ masks: masks + Number(found.mask.mask !== null) }));
        break;
      case "stage":
        stages.push(found.record);
        break;
      case "problem":
        break;
    }
  }
  return { stages, entities: [...entities.values()] };
}
