import { boxArea } from "../../schemas/geometry.ts";
import type { Box, Size, StageEntity } from "../../schemas/primitives.ts";
import type { DetectedObject } from "../detect/objects.ts";
import type { TextLine } from "../detect/text.ts";
import type { Pause } from "../queue.ts";
import { bestAssignment } from "./assignment.ts";
import { headClass } from "./head-noun.ts";
import { findPrinted, type PrintedName } from "./printed-name.ts";
import { posterior, priorOf, SMALLEST_PERSON } from "./priors.ts";

/** What the detectors found in a picture of this size. */
export interface Detections extends Size {
  readonly objects: readonly DetectedObject[];
  readonly lines: readonly TextLine[];
}

/** Where an entity may be, and how probable it is. */
export interface Evidence {
  readonly kind: "object" | "text";
  /** Probability that the entity is visible, by Bayes' rule; not calibrated. */
  readonly probability: number;
  /** In picture coordinates, best first, each with its detector's score. */
  readonly regions: ReadonlyArray<{ readonly box: Box; readonly score: number }>;
}

/**
 * Least probability of a visible entity. Evidence below it gives candidates, which only a caller with a lower threshold
 * gets.
 */
export const VISIBLE_FROM = 0.5;

/**
 * The evidence for each entity; null when there is none. All entities are assigned together, so that no object serves
 * two of them:
 * - A PER takes a person. Any other entity takes an object only when the head noun of its expression is the object's
 *   class. That noun also wins over the type: "Oscar, the cat" takes a cat even if it was tagged PER.
 * - A name may also be printed, in several places. A matching object is preferred to a printed name, and print that two
 *   names share goes to the longer one.
 * - Left-over objects go to left-over entities, as candidates below `VISIBLE_FROM`.
 */
export async function assign(
  entities: readonly StageEntity[],
  detections: Detections,
  pause: Pause = async () => undefined,
): Promise<Array<Evidence | null>> {
  const priors = priorsOf(entities);
  const anyPrint = await printedEvidence(entities, detections.lines, priors, pause);
  const classes: Array<string | null> = [];
  for (const entity of entities) {
    await pause();
    classes.push(classOf(entity));
  }
  const fits = (index: number, { label, box }: DetectedObject) =>
    label === classes[index] &&
    (label !== "person" || boxArea(box) >= SMALLEST_PERSON * detections.width * detections.height);
  const printed = anyPrint.map((evidence) => (evidence && evidence.probability >= VISIBLE_FROM ? evidence : null));
  const gains = entities.map((_, index) =>
    detections.objects.map((object) => {
      if (!fits(index, object)) return 0;
      const probability = posterior(priors[index] ?? 0, object.score);
      if (probability < VISIBLE_FROM) return 0;
      // Plus 1, because any object counts more than any printed name. Minus the probability of the printed name that
      // the entity gives up for the object.
      return 1 + (probability + prominence(object.box, detections)) / 2 - (printed[index]?.probability ?? 0);
    }),
  );
  await pause();
  const found = bestAssignment(gains).map((column, index) => objectEvidence(column, index) ?? printed[index] ?? null);
  const taken = new Set(found.flatMap((evidence) => evidence?.regions ?? []));
  const weak = entities.map((_, index) =>
    detections.objects.map((object) =>
      found[index] || taken.has(object) || !fits(index, object) ? 0 : posterior(priors[index] ?? 0, object.score),
    ),
  );
  await pause();
  return bestAssignment(weak).map(
    (column, index) => found[index] ?? objectEvidence(column, index) ?? anyPrint[index] ?? null,
  );

  function objectEvidence(column: number | null, index: number): Evidence | null {
    const object = column === null ? undefined : detections.objects[column];
    return object
      ? { kind: "object", probability: posterior(priors[index] ?? 0, object.score), regions: [object] }
      : null;
  }
}

/**
 * The larger of two people is more probably the one named. The square root makes it a share of lengths, not of areas.
 * Set by hand.
 */
function prominence(box: Box, { width, height }: Size): number {
  return Math.sqrt(boxArea(box) / (width * height));
}

/** The COCO class of the objects that an entity may be. */
function classOf({ text, type, expression }: StageEntity): string | null {
  const noun = expression ? headClass(expression, text) : null;
  return noun ?? (type === "PER" ? "person" : null);
}

function priorsOf(entities: readonly StageEntity[]): number[] {
  let people = 0;
  return entities.map(({ type }) => priorOf(type, type === "PER" ? people++ : 0));
}

async function printedEvidence(
  entities: readonly StageEntity[],
  lines: readonly TextLine[],
  priors: readonly number[],
  pause: Pause,
): Promise<Array<Evidence | null>> {
  const candidates: Array<{ index: number; found: PrintedName }> = [];
  for (const [index, entity] of entities.entries()) {
    await pause();
    for (const found of findPrinted(writtenName(entity), lines)) candidates.push({ index, found });
  }
  candidates.sort((a, b) => length(b.found) - length(a.found) || b.found.score - a.found.score);
  const taken: PrintedName[] = [];
  const kept: PrintedName[][] = entities.map(() => []);
  for (const { index, found } of candidates) {
    if (taken.some((other) => other.line === found.line && other.start < found.end && found.start < other.end))
      continue;
    taken.push(found);
    kept[index]?.push(found);
  }
  return kept.map((regions, index) => {
    const [best] = regions.toSorted((a, b) => b.score - a.score);
    if (!best) return null;
    const probability = posterior(priors[index] ?? 0, best.score);
    return { kind: "text", probability, regions: regions.toSorted((a, b) => b.score - a.score) };
  });
}

/** The name; without one, the longest run of capitalised words in the expression, else the whole expression. */
function writtenName({ text, expression = "" }: StageEntity): string {
  if (text) return text;
  return (
    expression
      .match(/\p{Lu}[\p{L}\p{N}'-]*(\s+\p{Lu}[\p{L}\p{N}'-]*)*/gu)
      ?.toSorted((a, b) => b.length - a.length)[0] ?? expression
  );
}

function length({ start, end }: PrintedName): number {
  return end - start;
}
