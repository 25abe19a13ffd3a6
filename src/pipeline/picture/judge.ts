import type { Entity, VisibilityReason } from "../../../schemas/recognize.ts";
import type { Judgement } from "../../../schemas/stages/entailment.ts";

/** Whether an entity can be seen, and who says so. */
export type Verdict = Pick<Entity, "visible" | "visibility">;

/** A verdict that nobody gave. */
export function unknown(reason: VisibilityReason): Verdict {
  return { visible: null, visibility: { score: null, method: null, calibrated: false, reason } };
}

/**
 * A model's judgement as an answer. With a threshold, the score decides where there is one; 0 lets every entity through
 * that was judged at all. A refusal or a doubt stays null and never becomes a no.
 *
 * @param judgement undefined when the model left the entity out
 */
export function judge(judgement: Judgement | undefined, threshold: number | undefined): Verdict {
  if (!judgement) return unknown("undecided");
  const { score, method, calibrated } = judgement;
  const visible = decide(judgement, threshold);
  const reason = visible === null ? (judgement.reason ?? "undecided") : null;
  return { visible, visibility: { score, method, calibrated, reason } };
}

function decide({ visible, score }: Judgement, threshold: number | undefined): boolean | null {
  if (threshold === undefined) return visible;
  if (score !== null) return score >= threshold;
  return threshold === 0 && visible !== null ? true : visible;
}
