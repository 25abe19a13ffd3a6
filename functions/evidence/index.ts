import { gmnerTypeOf } from "../../schemas/labels.ts";
import type { StageEntity } from "../../schemas/primitives.ts";
import type { GroundedRegion } from "../../schemas/stages/grounding.ts";
import { loadObjectDetector, OBJECT_WEIGHTS } from "../detect/objects.ts";
import { loadTextReader, TEXT_DETECTION_WEIGHTS } from "../detect/text.ts";
import type { Picture } from "../pictures.ts";
import type { Pause } from "../queue.ts";
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
  /**
   * One finding per entity, in order. Computed anew for each caller: only what the detectors found is shared, because a
   * shared computation must not wait for the place in a queue that its callers may hold.
   */
  find(picture: Picture, entities: readonly StageEntity[], pause: Pause): Promise<readonly Finding[]>;
}

/** Load the detectors, and match their findings to entities by rules. */
export async function loadEvidence(): Promise<EvidenceFinder> {
  const [objects, text] = await Promise.all([loadObjectDetector(), loadTextReader()]);
  const weights = [OBJECT_WEIGHTS, TEXT_DETECTION_WEIGHTS].map(weightsEntry);
  const find = async (picture: Picture, entities: readonly StageEntity[], pause: Pause) => {
    const { width, height } = picture;
    const [found, { lines }] = await Promise.all([objects.detect(picture), text.detect(picture, pause)]);
    const typed = entities.map((entity) =>
      entity.type === undefined ? entity : { ...entity, type: gmnerTypeOf(entity.type) },
    );
    return (await assign(typed, { width, height, objects: found, lines }, pause)).map(findingOf);
  };
  return {
    model: weights.map(({ method }) => method).join("+"),
    version: weights.map(({ version }) => version).join("+"),
    find,
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
