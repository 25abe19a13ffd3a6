import type { Judgement } from "../../../schemas/stages/entailment.ts";
import type { Visibility } from "../events.ts";
import { notJudged } from "../fold.ts";

/**
 * The visibility of an entity in the answer. With a threshold, the model's score decides, where it gave one; with the
 * threshold 0, every entity with a score or a decision is visible. A refusal or an undecided answer stays null and
 * never becomes false.
 *
 * @param judgement undefined when the model left the entity out
 */
export function visibilityOf(judgement: Judgement | undefined, threshold: number | undefined): Visibility {
  if (!judgement) return notJudged("undecided");
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
