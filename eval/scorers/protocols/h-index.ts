import type { BoxCorners, EvaluatedEntity, EvaluatedPost } from "../../../schemas/evaluation.ts";
import { bestIou, iouOf, isSameSpan, type Protocol, rowsOfEntities } from "./protocol.ts";

/**
 * The scorer of H-Index (NUSTM/GMNER, `model/metrics.py` and `model/data_pipe.py`): systems choose among candidate
 * boxes of a detector, and the choice is compared. Right are the candidates with an IoU above 0.5 with any gold box. An
 * entity whose boxes no candidate reaches cannot be right and stays in the gold count. A span that is predicted twice
 * counts once, as it was predicted last.
 *
 * A box that is none of the candidates counts as the candidate that it overlaps most.
 */
export const H_INDEX: Protocol = {
  name: "h-index",
  tasks: ["gmner", "eeg", "mner"],
  byOffsets: true,
  byCandidates: true,
  count: (gold, predicted, { task, candidates }) => {
    const boxes = candidates?.get(gold.id) ?? [];
    const isRight = (a: EvaluatedEntity, b: EvaluatedEntity) => chose(a, b, boxes);
    return rowsOfEntities(bySpan(gold), bySpan(predicted), task, isSameSpan, isRight);
  },
};

function bySpan({ entities }: EvaluatedPost): Pick<EvaluatedPost, "entities"> {
  return { entities: [...new Map(entities.map((entity) => [`${entity.start} ${entity.end}`, entity])).values()] };
}

function chose(
  { boxes }: EvaluatedEntity,
  { boxes: [box] }: EvaluatedEntity,
  candidates: readonly BoxCorners[],
): boolean {
  if (!box || boxes.length === 0) return !box && boxes.length === 0;
  const [nearest] = candidates.toSorted((a, b) => iouOf(b, box) - iouOf(a, box));
  return nearest !== undefined && iouOf(nearest, box) > 0 && bestIou(nearest, boxes) > 0.5;
}
