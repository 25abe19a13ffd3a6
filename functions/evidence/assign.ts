import { boxArea } from "../../schemas/geometry.ts";
import type { EvidenceKind, StageLink } from "../../schemas/link.ts";
import type { Box, Size, StageEntity } from "../../schemas/primitives.ts";
import type { DetectedObject } from "../detect/objects.ts";
import type { TextLine } from "../detect/text.ts";
import type { Pause } from "../queue.ts";
import { headClass } from "./head-noun.ts";
import { type LinkedObject, linkObjects } from "./link-objects.ts";
import { likelihoodRatio, PERSON, PRINT, posterior, THING } from "./looking.ts";
import { printedEvidence } from "./printed-evidence.ts";
import type { PrintedName } from "./printed-name.ts";
import { readCues } from "./text/cues.ts";
import { statedPositions } from "./text/positions.ts";
import { visiblePrior } from "./text/visible-prior.ts";

/** What the detectors found in a picture of this size. */
export interface Detections extends Size {
  readonly objects: readonly DetectedObject[];
  /** The labels of which the detector found a trace, perhaps too weak for an object. */
  readonly traces: ReadonlySet<string>;
  readonly lines: readonly TextLine[];
}

/** What a post asks about: its entities, and its text where the caller sent it. */
export interface Sought {
  readonly entities: readonly StageEntity[];
  readonly text?: string | undefined;
}

/** A place that may show an entity, in picture coordinates, with its detector's score. */
export interface EvidenceRegion {
  readonly box: Box;
  readonly score: number;
  readonly kind: EvidenceKind;
  readonly link: StageLink;
}

/** Whether one entity is visible, and where. */
export interface Evidence {
  /** Null when the detectors cannot tell. */
  readonly visible: boolean | null;
  /** Probability that the entity is visible; not calibrated. */
  readonly probability: number;
  /** What decided: the thing or its print that was found, the search for it, the text, or the prior alone. */
  readonly by: EvidenceKind | "text" | "prior";
  /** Whether the thing or its print was found; null when neither was. */
  readonly found: EvidenceKind | null;
  /** Best first. */
  readonly regions: readonly EvidenceRegion[];
}

/** Least probability of a visible entity. */
const VISIBLE_FROM = 0.5;
/**
 * What remains of the probability that a thing is visible when its name is printed, which already explains why the post
 * names it. Set by hand.
 */
const ALSO_SEEN = 0.6;
/** A pet may have a person's name, and then be tagged as one: where there is a pet, nobody can rule such a name out. */
const PETS = new Set(["bird", "cat", "dog", "horse"]);
/** Greatest probability of an entity that is said to be invisible. Between the two, nobody can tell. */
const INVISIBLE_TO = 0.1;
/**
 * Least share of the picture of a named person: 99 % of the 3,639 boxes of PER names in the train split of
 * Twitter-GMNER v2.0 are larger (training/measure_priors.py).
 */
const SMALLEST_PERSON = 0.0066;

/**
 * The evidence for each entity. All entities are judged together, so that no object serves two of them:
 * - A PER may be a person. Any other entity may be an object only when the head noun of its expression is the object's
 *   class. That noun also wins over the type: "Oscar, the cat" may be a cat even if it was tagged PER.
 * - A name may also be printed, in several places. The thing itself is preferred to its printed name, unless it is
 *   rather somebody else's.
 * - An entity is invisible only when it would have been found: when the detectors know its kind and found nothing that
 *   is left for it, or when the text says so.
 */
export async function assign(
  { entities, text }: Sought,
  detections: Detections,
  pause: Pause = async () => undefined,
): Promise<Evidence[]> {
  const printed = await printedEvidence(entities, detections.lines, pause);
  const classes: Array<string | null> = [];
  for (const entity of entities) {
    await pause();
    classes.push(classOf(entity));
  }
  const names = entities.map((entity) => entity.text ?? "");
  const says = text === undefined ? [] : readCues(names, text);
  const priors = visiblePrior(entities, says);
  await pause();
  // Places and organizations between people take no place in a row. Of any other name, nobody knows.
  const things = names.filter((_, index) => classes[index] === null && /^(LOC|ORG)$/.test(entities[index]?.type ?? ""));
  const linked = new Map<number, LinkedObject>();
  for (const kind of new Set(classes)) {
    if (kind === null) continue;
    await pause();
    const group = entities.flatMap((_, index) => (classes[index] === kind ? [index] : []));
    const ownNames = group.map((index) => names[index] ?? "");
    const positions = text === undefined ? [] : statedPositions(ownNames, text, things);
    const found = linkObjects(
      group.map((index, place) => ({
        prior: (priors[index] ?? 0) * ((printed[index]?.length ?? 0) > 0 ? ALSO_SEEN : 1),
        stated: positions[place] ?? null,
        excluded: says[index]?.excluded != null,
        printed: (printed[index]?.length ?? 0) > 0,
      })),
      detections.objects.filter((object) => object.label === kind && isLargeEnough(object, detections)),
      detections.traces.has(kind) || (kind === "person" && detections.objects.some(({ label }) => PETS.has(label))),
      kind === "person" ? PERSON : THING,
      detections,
    );
    for (const [place, index] of group.entries()) {
      const one = found[place];
      if (one) linked.set(index, one);
    }
  }
  return entities.map((_, index) =>
    evidenceOf(linked.get(index) ?? null, printed[index] ?? [], priors[index] ?? 0, says[index]?.excluded != null),
  );
}

function isLargeEnough({ label, box }: DetectedObject, { width, height }: Size): boolean {
  return label !== "person" || boxArea(box) >= SMALLEST_PERSON * width * height;
}

/** The COCO class of the objects that an entity may be. */
function classOf({ text, type, expression }: StageEntity): string | null {
  const noun = expression ? headClass(expression, text) : null;
  return noun ?? (type === "PER" ? "person" : null);
}

/** @param linked what was found among the objects of the entity's kind; null when no detector knows the kind */
function evidenceOf(
  linked: LinkedObject | null,
  printed: readonly PrintedName[],
  prior: number,
  excluded: boolean,
): Evidence {
  const [print] = printed;
  const byPrint = print ? posterior(prior, likelihoodRatio(PRINT, print.score)) : 0;
  const byObject = linked?.visible ?? 0;
  if (print && !linked?.object) {
    const probability = 1 - (1 - byPrint) * (1 - byObject);
    const link: StageLink = { basis: "printed_name", score: byPrint, alternatives: [] };
    const regions = printed.map(({ box, score }) => ({ box, score, kind: "print" as const, link }));
    return { visible: decide(byPrint, true, false), probability, by: "print", found: "print", regions };
  }
  if (!linked) return { visible: null, probability: prior, by: "prior", found: null, regions: [] };
  const { object, basis, score, alternatives, visible: probability } = linked;
  const link = { basis, score, alternatives: alternatives.map(({ box }) => box) };
  const regions = object ? [{ box: object.box, score: object.score, kind: "object" as const, link }] : [];
  const visible = decide(probability, object !== null, true);
  const by = excluded ? "text" : "object";
  return { visible, probability, by, found: object && visible !== false ? "object" : null, regions };
}

function decide(probability: number, found: boolean, wouldBeFound: boolean): boolean | null {
  if (found && probability >= VISIBLE_FROM) return true;
  return wouldBeFound && probability <= INVISIBLE_TO ? false : null;
}
