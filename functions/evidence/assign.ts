import { boxArea } from "../../schemas/geometry.ts";
import type { Box, Size, StageEntity } from "../../schemas/primitives.ts";
import type { DetectedObject } from "../detect/objects.ts";
import type { TextLine } from "../detect/text.ts";
import { bestAssignment } from "./assignment.ts";
import { headClass } from "./head-noun.ts";
import { findPrinted, type PrintedName } from "./printed-name.ts";
import { posterior, priorOf, SMALLEST_PERSON } from "./priors.ts";

/** What the detectors saw in one picture of a size. */
export interface Detections extends Size {
  readonly objects: readonly DetectedObject[];
  readonly lines: readonly TextLine[];
}

/** Where an entity may be, and how likely. */
export interface Evidence {
  readonly kind: "object" | "text";
  /** Probability that the entity is visible, by Bayes' rule; not calibrated. */
  readonly probability: number;
  /** In picture coordinates, best first, each with its detector's confidence. */
  readonly regions: ReadonlyArray<{ readonly box: Box; readonly score: number }>;
}

/**
 * Evidence that leaves an entity less likely visible than not does not count: it is a candidate, for those who ask for
 * every one.
 */
export const VISIBLE_FROM = 0.5;

/**
 * The evidence for each entity, null where there is none. One assignment covers all entities at once, so no object
 * serves two names:
 * - a PER takes a person, anything else an object only when its class is the head noun of the entity's expression; that
 * noun also wins over the type ("Oscar, the cat" takes a cat although a tagger called it PER);
 * - a name may be printed instead, in several places; the bearer comes before its name, and of two names one printed
 * run serves the longer;
 * - what is left over goes to those who are left over, as candidates below `VISIBLE_FROM`.
 */
export function assign(entities: readonly StageEntity[], detections: Detections): Array<Evidence | null> {
  const priors = priorsOf(entities);
  const anyPrint = printedEvidence(entities, detections.lines, priors);
  const printed = anyPrint.map((evidence) => (evidence && evidence.probability >= VISIBLE_FROM ? evidence : null));
  const gains = entities.map((entity, index) =>
    detections.objects.map((object) => {
      if (!fits(entity, object, detections)) return 0;
      const probability = posterior(priors[index] ?? 0, object.score);
      if (probability < VISIBLE_FROM) return 0;
      // One more for the bearer itself: a person's box counts for more than any printed name, and the text that is left
      // over for less.
      return 1 + (probability + prominence(object.box, detections)) / 2 - (printed[index]?.probability ?? 0);
    }),
  );
  const found = bestAssignment(gains).map((column, index) => objectEvidence(column, index) ?? printed[index] ?? null);
  const taken = new Set(found.flatMap((evidence) => evidence?.regions ?? []));
  const weak = entities.map((entity, index) =>
    detections.objects.map((object) =>
      found[index] || taken.has(object) || !fits(entity, object, detections)
        ? 0
        : posterior(priors[index] ?? 0, object.score),
    ),
  );
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
 * Of two people the larger is likelier meant: the square root of the share of the picture, as lengths tell size. Set by
 * hand.
 */
function prominence(box: Box, { width, height }: Size): number {
  return Math.sqrt(boxArea(box) / (width * height));
}

/** The COCO class in which an entity may be seen. */
function classOf({ text, type, expression }: StageEntity): string | null {
  const noun = expression ? headClass(expression, text) : null;
  return noun ?? (type === "PER" ? "person" : null);
}

function fits(entity: StageEntity, { label, box }: DetectedObject, size: Size): boolean {
  if (label !== classOf(entity)) return false;
  return label !== "person" || boxArea(box) >= SMALLEST_PERSON * size.width * size.height;
}

function priorsOf(entities: readonly StageEntity[]): number[] {
  let people = 0;
  return entities.map(({ type }) => priorOf(type, type === "PER" ? people++ : 0));
}

function printedEvidence(
  entities: readonly StageEntity[],
  lines: readonly TextLine[],
  priors: readonly number[],
): Array<Evidence | null> {
  const candidates = entities.flatMap((entity, index) =>
    findPrinted(writtenName(entity), lines).map((found) => ({ index, found })),
  );
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

/** The name; without one, the capitalised words of the expression, else all of it. */
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
