import { STAGE_NAMES, type StageName } from "../../schemas/stages/index.ts";
import type { RunEvent } from "../pipeline/events.ts";
import type { JobProgress } from "./calls.ts";

type Entity = JobProgress["entities"][number];

/** How far a run has come by its findings: the models that were called, and every entity. */
export function progressOf(events: readonly RunEvent[]): JobProgress {
  const entities = new Map<string, Entity>();
  const owners = new Map<string, string>();
  const stages: JobProgress["stages"] = [];
  const reach = (id: string, stage: StageName): Entity | undefined => {
    const entity = entities.get(id);
    if (entity && STAGE_NAMES.indexOf(stage) > STAGE_NAMES.indexOf(entity.stage)) entity.stage = stage;
    return entity;
  };
  for (const found of events) {
    switch (found.event) {
      case "mention": {
        const { id, text, type } = found.entity;
        if (!entities.has(id)) entities.set(id, { id, text, type, stage: "mner", visible: null, regions: 0, masks: 0 });
        break;
      }
      case "expression":
        reach(found.entity_id, "expansion");
        break;
      case "visibility": {
        const entity = reach(found.entity_id, "entailment");
        if (entity) entity.visible = found.visibility.visible;
        break;
      }
      case "region": {
        const entity = reach(found.entity_id, "grounding");
        if (entity) entity.regions++;
        owners.set(found.region.id, found.entity_id);
        break;
      }
      case "mask": {
        const entity = reach(owners.get(found.region_id) ?? "", "segmentation");
        if (entity && found.mask.mask) entity.masks++;
        break;
      }
      case "stage":
        stages.push(found.record);
        break;
      case "problem":
        break;
    }
  }
  return { stages, entities: [...entities.values()] };
}
