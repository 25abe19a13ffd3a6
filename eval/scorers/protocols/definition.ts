import { isSameRegion, isSameSpan, type Protocol, rowsOfEntities } from "./protocol.ts";

/**
 * The task's definition (Yu et al., ACL 2023): a prediction is right when its span and type are those of a gold entity,
 * and neither has a region, or its first box has an IoU above 0.5 with any gold box.
 */
export const DEFINITION: Protocol = {
  name: "definition",
  tasks: ["gmner", "eeg", "mner"],
  byOffsets: true,
  count: (gold, predicted, { task }) =>
    rowsOfEntities(gold, predicted, task, isSameSpan, (a, b) => isSameRegion(a, b, (iou) => iou > 0.5)),
};
