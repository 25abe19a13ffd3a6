import type { BoxCorners, EvaluatedEntity, EvaluatedPost } from "../../../schemas/evaluation.ts";
import { boxIou } from "../../../schemas/geometry.ts";

/**
 * `mner` compares span and type, `eeg` (entity extraction and grounding) span and box, `gmner` all three, and `smner`
 * span, type and mask.
 */
export const TASKS = ["gmner", "eeg", "mner", "smner"] as const;
export type Task = (typeof TASKS)[number];

/** What a protocol counts of one post: rows, each with the type of its entity. */
export interface PostRows {
  readonly right: readonly Row[];
  readonly predicted: readonly Row[];
  readonly gold: readonly Row[];
  /** For each gold entity with masks: the IoU of what was predicted for it, 0 for nothing. */
  readonly ious?: readonly number[];
}

/** A row is an entity, or one of its boxes where these are counted one by one. */
export type Row = Pick<EvaluatedEntity, "type">;

export interface ProtocolOptions {
  readonly task: Task;
  /** A mask is right from an IoU above this. */
  readonly maskIou: number;
  /** The boxes among which the system chose, by post; null without `--candidates`. */
  readonly candidates: ReadonlyMap<string, readonly BoxCorners[]> | null;
}

/** A published or a proposed way to score. It sees one post at a time; the scores are micro averages over posts. */
export interface Protocol {
  readonly name: string;
  readonly tasks: readonly Task[];
  /** Whether it compares positions and not names. */
  readonly byOffsets: boolean;
  /** Whether it needs the candidates. */
  readonly byCandidates?: boolean;
  count(gold: EvaluatedPost, predicted: EvaluatedPost, options: ProtocolOptions): PostRows;
}

/** Whether what a task compares of the text is equal: the position and, except for EEG, the type. */
export function isSameSpan(a: EvaluatedEntity, b: EvaluatedEntity, task: Task): boolean {
  return a.start === b.start && a.end === b.end && (task === "eeg" || a.type === b.type);
}

/**
 * Takes the predictions in their order, and for each the first gold entity that is right and that no earlier prediction
 * took.
 *
 * @returns the predictions that are right, with their gold entities
 */
export function matchInOrder(
  gold: readonly EvaluatedEntity[],
  predicted: readonly EvaluatedEntity[],
  isRight: (gold: EvaluatedEntity, predicted: EvaluatedEntity) => boolean,
): Array<readonly [gold: EvaluatedEntity, predicted: EvaluatedEntity]> {
  // Posts have few entities: looking through all of them is faster than a table of keys.
  const free: Array<EvaluatedEntity | null> = [...gold];
  const matched: Array<readonly [EvaluatedEntity, EvaluatedEntity]> = [];
  for (const entity of predicted) {
    const index = free.findIndex((own) => own !== null && isRight(own, entity));
    const own = free[index];
    if (!own) continue;
    free[index] = null;
    matched.push([own, entity]);
  }
  return matched;
}

/** The rows of a protocol in which every entity is one. */
export function matchedRows(
  gold: readonly EvaluatedEntity[],
  predicted: readonly EvaluatedEntity[],
  right: ReturnType<typeof matchInOrder>,
): PostRows {
  return { right: right.map(([entity]) => entity), predicted, gold };
}

/** The same rows, where a prediction is right by its text and, but for MNER, by its region too. */
export function rowsOfEntities(
  { entities: gold }: Pick<EvaluatedPost, "entities">,
  { entities: predicted }: Pick<EvaluatedPost, "entities">,
  task: Task,
  isSameText: (gold: EvaluatedEntity, predicted: EvaluatedEntity, task: Task) => boolean,
  isSameRegion: (gold: EvaluatedEntity, predicted: EvaluatedEntity) => boolean,
): PostRows {
  const isRight = (a: EvaluatedEntity, b: EvaluatedEntity) =>
    isSameText(a, b, task) && (task === "mner" || isSameRegion(a, b));
  return matchedRows(gold, predicted, matchInOrder(gold, predicted, isRight));
}

/** Whether neither entity has a region, or the first predicted box agrees enough with the best gold box. */
export function isSameRegion(
  { boxes }: EvaluatedEntity,
  { boxes: [box] }: EvaluatedEntity,
  isEnough: (iou: number) => boolean,
): boolean {
  return box ? isEnough(bestIou(box, boxes)) : boxes.length === 0;
}

/** The greatest IoU of a box with any of several; 0 with none. */
export function bestIou(box: BoxCorners, others: readonly BoxCorners[]): number {
  return Math.max(0, ...others.map((other) => iouOf(box, other)));
}

export function iouOf(a: BoxCorners, b: BoxCorners): number {
  return boxIou(boxOf(a), boxOf(b));
}

function boxOf([xmin, ymin, xmax, ymax]: BoxCorners) {
  return { xmin, ymin, xmax, ymax };
}
