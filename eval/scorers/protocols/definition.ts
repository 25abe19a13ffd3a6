import type { EvaluatedEntity } from "../../../schemas/evaluation.ts";
import { bestIou, isSameSpan, matchInOrder, type PostRows, type Protocol } from "./protocol.ts";

/**
 * The task's definition (Yu et al., ACL 2023): a prediction is right when its span and type are those of a gold entity,
 * and neither has a region, or its first box has an IoU above 0.5 with any gold box.
 */
export const DEFINITION: Protocol = {
  name: "definition",
  tasks: ["gmner", "eeg", "mner"],
  byOffsets: true,
  count: ({ entities: gold }, { entities: predicted }, { task }) => {
    const right = matchInOrder(
      gold,
      predicted,
      (a, b) => isSameSpan(a, b, task) && (task === "mner" || hasRegionOf(a, b)),
    );
    return matchedRows(gold, predicted, right);
  },
};

function hasRegionOf({ boxes }: EvaluatedEntity, { boxes: [box] }: EvaluatedEntity): boolean {
  if (boxes.length === 0 || !box) return boxes.length === 0 && !box;
  return bestIou(box, boxes) > 0.5;
}

/** The rows of a protocol in which every entity is one. */
export function matchedRows(
  gold: readonly EvaluatedEntity[],
  predicted: readonly EvaluatedEntity[],
  right: ReturnType<typeof matchInOrder>,
): PostRows {
  return { right: right.map(([entity]) => entity), predicted, gold };
}
