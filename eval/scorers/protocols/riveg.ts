import type { EvaluatedEntity } from "../../../schemas/evaluation.ts";
import { isSameRegion, type Protocol, rowsOfEntities, type Task } from "./protocol.ts";

/**
 * RiVEG's scorer (JinYuanLi0012/RiVEG, `statistic/statistic.py`): the strings `NAME(TYPE)` of one picture are equal,
 * case and all, and neither row has a region, or the box has an IoU of at least 0.5 with any gold box. Rows are
 * compared in file order, and a gold row is taken once. For EEG both strings are cut at their first `(`, so that a name
 * with a bracket is compared up to it.
 */
export const RIVEG: Protocol = {
  name: "riveg",
  tasks: ["gmner", "eeg", "mner"],
  byOffsets: false,
  count: (gold, predicted, { task }) =>
    rowsOfEntities(gold, predicted, task, isSameString, (a, b) => isSameRegion(a, b, (iou) => iou >= 0.5)),
};

function isSameString(a: EvaluatedEntity, b: EvaluatedEntity, task: Task): boolean {
  return task === "eeg" ? beforeBracket(a) === beforeBracket(b) : a.text === b.text && a.type === b.type;
}

/** The type follows in a bracket, so a name without one is whole. */
function beforeBracket({ text }: EvaluatedEntity): string {
  const bracket = text.indexOf("(");
  return bracket < 0 ? text : text.slice(0, bracket);
}
