import { gmnerTypeOf } from "../../schemas/labels.ts";
import type { EvidenceKind, StageLink } from "../../schemas/link.ts";
import type { Box } from "../../schemas/primitives.ts";
import { loadObjectDetector, OBJECT_WEIGHTS } from "../detect/objects.ts";
import { loadTextReader, TEXT_DETECTION_WEIGHTS } from "../detect/text.ts";
import type { Picture } from "../pictures.ts";
import type { Pause } from "../queue.ts";
import { weightsEntry } from "../weights.ts";
import { assign, type Evidence, type Sought } from "./assign.ts";

/**
 * Whether one entity is visible, and where. An entity that is not visible may have regions: candidates for a caller
 * whose threshold is lower than ours.
 */
export interface Finding {
  readonly visible: boolean | null;
  /** Probability that the entity is visible. */
  readonly score: number;
  readonly method: string;
  readonly evidence: EvidenceKind | undefined;
  readonly regions: ReadonlyArray<{
    readonly box: Box;
    readonly score: number;
    readonly method: string;
    readonly evidence: EvidenceKind;
    readonly link: StageLink;
  }>;
}

export interface EvidenceFinder {
  readonly model: string;
  readonly version: string;
  /**
   * One finding per entity, in order. Computed anew for each caller: only what the detectors found is shared, because a
   * shared computation must not wait for the place in a queue that its callers may hold.
   */
  find(picture: Picture, sought: Sought, pause: Pause): Promise<readonly Finding[]>;
}

/** Load the detectors, and match their findings to entities by rules. */
export async function loadEvidence(): Promise<EvidenceFinder> {
  const [objects, text] = await Promise.all([loadObjectDetector(), loadTextReader()]);
  const weights = [OBJECT_WEIGHTS, TEXT_DETECTION_WEIGHTS].map(weightsEntry);
  const find = async (picture: Picture, { entities, text: words }: Sought, pause: Pause) => {
    const { width, height } = picture;
    const [{ objects: found, traces }, { lines }] = await Promise.all([
      objects.detect(picture),
      text.detect(picture, pause),
    ]);
    const typed = entities.map((entity) =>
      entity.type === undefined ? entity : { ...entity, type: gmnerTypeOf(entity.type) },
    );
    const sought = { entities: typed, text: words };
    return (await assign(sought, { width, height, objects: found, traces, lines }, pause)).map(findingOf);
  };
  return {
    model: weights.map(({ method }) => method).join("+"),
    version: weights.map(({ version }) => version).join("+"),
    find,
  };
}

function findingOf({ visible, probability, by, found, regions }: Evidence): Finding {
  return {
    visible,
    score: probability,
    method: `rule:${by === "object" || by === "print" ? methodOf(by) : by}`,
    evidence: found ?? undefined,
    regions: regions.map(({ kind, ...region }) => ({ ...region, method: methodOf(kind), evidence: kind })),
  };
}

function methodOf(kind: EvidenceKind): string {
  return weightsEntry(kind === "object" ? OBJECT_WEIGHTS : TEXT_DETECTION_WEIGHTS).method;
}
