import type { EvaluatedEntity } from "../../../schemas/evaluation.ts";
import { mostPairs } from "../most-pairs.ts";
import { iouOf, isSameSpan, matchInOrder, type Protocol } from "./protocol.ts";

/**
 * All boxes of an entity count: a row is an entity with one of its boxes, or with none. Of an entity whose span and
 * type are right, as many boxes are right as can be paired with gold boxes one to one, each pair with an IoU above 0.5.
 * So a system that finds one of three boxes has a recall of a third, where the published protocols give it all.
 */
export const MULTI_BOX: Protocol = {
  name: "multi-box",
  tasks: ["gmner", "eeg"],
  byOffsets: true,
  count: ({ entities: gold }, { entities: predicted }, { task }) => {
    const matched = matchInOrder(gold, predicted, (a, b) => isSameSpan(a, b, task));
    return {
      right: matched.flatMap(([own, answer]) => repeated(own, sharedRegions(own, answer))),
      predicted: predicted.flatMap(regionRows),
      gold: gold.flatMap(regionRows),
    };
  },
};

/** An entity as many times as it has boxes; once without any. */
function regionRows(entity: EvaluatedEntity): EvaluatedEntity | EvaluatedEntity[] {
  return entity.boxes.length > 1 ? repeated(entity, entity.boxes.length) : entity;
}

function repeated(entity: EvaluatedEntity, times: number): EvaluatedEntity[] {
  return Array.from({ length: times }, () => entity);
}

function sharedRegions({ boxes: gold }: EvaluatedEntity, { boxes: predicted }: EvaluatedEntity): number {
  if (gold.length === 0 && predicted.length === 0) return 1;
  return mostPairs(predicted.map((box) => [...gold.keys()].filter((index) => iouOf(gold[index] ?? box, box) > 0.5)));
}
