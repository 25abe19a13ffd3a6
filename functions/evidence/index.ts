import { createHash } from "node:crypto";
import { gmnerTypeOf } from "../../schemas/labels.ts";
import type { StageEntity } from "../../schemas/primitives.ts";
import type { GroundedRegion } from "../../schemas/stages/grounding.ts";
import { loadObjectDetector, OBJECT_WEIGHTS } from "../detect/objects.ts";
import { loadTextReader, TEXT_DETECTION_WEIGHTS } from "../detect/text.ts";
import type { Picture } from "../pictures.ts";
import { weightsEntry } from "../weights.ts";
import { assign, type Evidence, VISIBLE_FROM } from "./assign.ts";

/**
 * Whether one entity is visible, and where. An invisible entity may have regions: candidates for a caller whose
 * threshold is lower than ours.
 */
export interface Finding {
  readonly visible: boolean;
  /** Probability that the entity is visible; null when there is no evidence. */
  readonly score: number | null;
  readonly method: string;
  readonly regions: readonly GroundedRegion[];
}

export interface EvidenceFinder {
  readonly model: string;
  readonly version: string;
  /** One finding per entity, in order; computed once for a picture and a list of entities. */
  find(picture: Picture, entities: readonly StageEntity[]): Promise<readonly Finding[]>;
}

/** Load the detectors, and match their findings to entities by rules. */
export async function loadEvidence(): Promise<EvidenceFinder> {
  const [objects, text] = await Promise.all([loadObjectDetector(), loadTextReader()]);
  const weights = [OBJECT_WEIGHTS, TEXT_DETECTION_WEIGHTS].map(weightsEntry);
  const find = async (picture: Picture, entities: readonly StageEntity[]) => {
    const { width, height } = picture;
    const [found, { lines }] = await Promise.all([objects.detect(picture), text.detect(picture)]);
    const typed = entities.map((entity) =>
      entity.type === undefined ? entity : { ...entity, type: gmnerTypeOf(entity.type) },
    );
    return assign(typed, { width, height, objects: found, lines }).map(findingOf);
  };
  return {
    model: weights.map(({ method }) => method).join("+"),
    version: weights.map(({ version }) => version).join("+"),
    find: (picture, entities) => {
      const key = createHash("sha256").update(JSON.stringify(entities)).digest("hex");
      return picture.feature(`evidence ${key}`, () => find(picture, entities));
    },
  };
}

function findingOf(evidence: Evidence | null): Finding {
  if (!evidence) return { visible: false, score: null, method: "rule:no-evidence", regions: [] };
  const { method } = weightsEntry(evidence.kind === "object" ? OBJECT_WEIGHTS : TEXT_DETECTION_WEIGHTS);
  const regions = evidence.regions.map(({ box, score }) => ({ box, score, method }));
  return {
    visible: evidence.probability >= VISIBLE_FROM,
    score: evidence.probability,
    method: `rule:${method}`,
    regions,
  };
}
