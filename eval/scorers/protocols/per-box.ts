import type { BoxCorners, EvaluatedEntity, EvaluatedPost } from "../../../schemas/evaluation.ts";
import { iouOf, type PostRows, type Protocol, type Task } from "./protocol.ts";

/**
 * The scorer of UnCo and SAKE (tangjielong928/UnCo, `evaluator.py`; tangjielong928/SAKE,
 * `sake_rl/evaluate/evaluate.py`). Each gold box is a row of its own, and so is each predicted box. Its special rules,
 * all of which are kept here:
 *
 * - For tasks with regions, a post without gold entities or without predictions is left out on both sides, so that
 *   false alarms in it do not count.
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
    const hasOffsets = [gold, predicted].every(({ entities }) => entities.every(({ start }) => start !== null));
    const isSameSpan = ({ entity: a }: BoxRow, { entity: b }: BoxRow) =>
      hasOffsets ? a.start === b.start && a.end === b.end : a.text === b.text;
    const isSame = (a: BoxRow, b: BoxRow) => a.region === b.region && a.type === b.type && isSameSpan(a, b);
    const [goldRows, predictedRows] = [boxRows(gold, task), boxRows(predicted, task)];
    if (task === "mner") return setRows(goldRows, predictedRows, isSame);
    if (goldRows.length === 0 || predictedRows.length === 0) return { right: [], predicted: [], gold: [] };
    for (const [index, row] of goldRows.entries()) if (row.box) row.region = index + 1;
    for (const row of predictedRows) {
      const { box } = row;
      // The first gold row of the span whose box it is, whatever its type.
      const found = goldRows.find((own) => own.box && box && isSameSpan(own, row) && iouOf(own.box, box) >= 0.5);
      if (box) row.region = found?.region ?? WRONG_REGION;
    }
    const added = predictedRows
      .filter((row) => !goldRows.some((own) => isSame(own, row)))
      .filter((row) => goldRows.some((own) => own.type === row.type && isSameSpan(own, row)))
      .map((row) => ({ ...row, region: NO_REGION }));
    return setRows(goldRows, [...predictedRows, ...added], isSame);
  },
};

/** The regions of rows without a box, and of boxes that are nowhere near a gold box. */
const [NO_REGION, WRONG_REGION] = [0, -1];

interface BoxRow {
  readonly entity: EvaluatedEntity;
  readonly type: string;
  readonly box: BoxCorners | null;
  /** The number of the gold box that it is or fits. */
  region: number;
}

/** A row for each box of each entity, or one without a box; for MNER always one. */
function boxRows({ entities }: EvaluatedPost, task: Task): BoxRow[] {
  return entities.flatMap((entity) => {
    const boxes = task !== "mner" && entity.boxes.length > 0 ? entity.boxes : [null];
    return boxes.map((box) => ({ entity, type: task === "eeg" ? "" : entity.type, box, region: NO_REGION }));
  });
}

function setRows(
  gold: readonly BoxRow[],
  predicted: readonly BoxRow[],
  isSame: (a: BoxRow, b: BoxRow) => boolean,
): PostRows {
  const distinct = (rows: readonly BoxRow[]) =>
    rows.filter((row, index) => rows.findIndex((other) => isSame(other, row)) === index);
  const [goldRows, predictedRows] = [distinct(gold), distinct(predicted)];
  const right = predictedRows.filter((row) => goldRows.some((own) => isSame(own, row)));
  return { right, predicted: predictedRows, gold: goldRows };
}
