import type { EvaluatedEntity } from "../../../schemas/evaluation.ts";
import { matchedRows } from "./definition.ts";
import { bestIou, matchInOrder, type Protocol, type Task } from "./protocol.ts";

/**
 * RiVEG's scorer (JinYuanLi0012/RiVEG, `statistic/statistic.py`): the strings `NAME(TYPE)` of one picture are equal, case
 * and all, and neither row has a region, or the box has an IoU of at least 0.5 with any gold box. Rows are compared in
 * file order, and a gold row is taken once. For EEG both strings are cut at their first `(`, so that a name with a
 * bracket is compared up to it.
 */
export const RIVEG: Protocol = {
  name: "riveg",
  tasks: ["gmner", "eeg", "mner"],
  byOffsets: false,
  count: ({ entities: gold }, { entities: predicted }, { task }) => {
    const isRight = task === "mner" ? undefined : (a: EvaluatedEntity, b: EvaluatedEntity) => hasRegionOf(a, b);
    const right = matchInOrder(gold, predicted, (entity) => keyOf(entity, task), isRight);
    return matchedRows(gold, predicted, right, task);
  },
};

function keyOf({ text, type }: EvaluatedEntity, task: Task): string {
  const row = `${text}(${type})`;
  return task === "eeg" ? (row.split("(", 1)[0] ?? "") : row;
}

function hasRegionOf({ boxes }: EvaluatedEntity, { boxes: [box] }: EvaluatedEntity): boolean {
  if (!box) return boxes.length === 0;
  return bestIou(box, boxes) >= 0.5;
}
