import type { BoxCorners, EvaluatedEntity, EvaluatedPost } from "../../../schemas/evaluation.ts";
import { iouOf, type PostRows, type Protocol, type Task } from "./protocol.ts";

/**
 * The scorer of UnCo and SAKE (tangjielong928/UnCo, `evaluator.py`; tangjielong928/SAKE, `sake_rl/evaluate/evaluate.py`).
 * Each gold box is a row of its own, and so is each predicted box. Its special rules, all of which are kept here:
 *
 * - For tasks with regions, a post without gold entities or without predictions is left out on both sides, so that false
 *   alarms in it do not count.
 * - A box is right with an IoU of at least 0.5 with a gold box of the same span.
 * - Where span and type are right and the region is not, a prediction without region is added to the one that was made.
 *   So a box for an entity that has none counts as one right and one wrong row.
 * - Rows are sets: equal rows count once.
 *
 * UnCo compares offsets and SAKE phrases; here offsets where both files have them, and else the names.
 */
export const PER_BOX: Protocol = {
  name: "per-box",
  tasks: ["gmner", "eeg", "mner"],
  byOffsets: false,
  count: (gold, predicted, { task }) => {
    const spanOf = spanBy(gold, predicted);
    if (task === "mner") return setRows(rows(gold, spanOf, task, false), rows(predicted, spanOf, task, false));
    const [goldRows, predictedRows] = [rows(gold, spanOf, task, true), rows(predicted, spanOf, task, true)];
    if (goldRows.length === 0 || predictedRows.length === 0) return { right: [], predicted: [], gold: [] };
    const numbered = goldRows.map((row, index) => ({ ...row, region: row.box ? index + 1 : NO_REGION }));
    const answered = predictedRows.map((row) => ({ ...row, region: regionAt(row, numbered) }));
    const keys = new Set(numbered.map(keyOf));
    const added = answered
      .filter((row) => !keys.has(keyOf(row)))
      .filter(({ span, type }) => numbered.some((one) => one.span === span && one.type === type))
      .map((row) => ({ ...row, region: NO_REGION }));
    return setRows(numbered, [...answered, ...added]);
  },
};

/** The regions of rows without a box, and of boxes that are nowhere near a gold box. */
const [NO_REGION, WRONG_REGION] = [0, -1];

interface Row {
  readonly span: string;
  readonly type: string;
  readonly box: BoxCorners | null;
  readonly region: number;
}

function spanBy(...posts: EvaluatedPost[]): (entity: EvaluatedEntity) => string {
  const hasOffsets = posts.every(({ entities }) => entities.every(({ start }) => start !== null));
  return ({ start, end, text }) => (hasOffsets ? `${start} ${end}` : text);
}

function rows(post: EvaluatedPost, spanOf: (entity: EvaluatedEntity) => string, task: Task, withBoxes: boolean): Row[] {
  return post.entities.flatMap((entity) => {
    const row = { span: spanOf(entity), type: task === "eeg" ? "" : entity.type, region: NO_REGION };
    const boxes = withBoxes && entity.boxes.length > 0 ? entity.boxes : [null];
    return boxes.map((box) => ({ ...row, box }));
  });
}

/** The first gold row of the span whose box is the predicted one, whatever its type. */
function regionAt({ box, span }: Row, gold: readonly Row[]): number {
  if (!box) return NO_REGION;
  const found = gold.find((row) => row.box && row.span === span && iouOf(row.box, box) >= 0.5);
  return found?.region ?? WRONG_REGION;
}

const keyOf = ({ span, type, region }: Row) => `${region}\n${type}\n${span}`;

function setRows(gold: readonly Row[], predicted: readonly Row[]): PostRows {
  const [goldRows, predictedRows] = [gold, predicted].map(
    (some) => new Map(some.map((row) => [keyOf(row), row.type])),
  ) as [Map<string, string>, Map<string, string>];
  return {
    right: [...predictedRows].flatMap(([key, type]) => (goldRows.has(key) ? [type] : [])),
    predicted: [...predictedRows.values()],
    gold: [...goldRows.values()],
  };
}
