import type { Judgement } from "../../../schemas/stages/entailment.ts";
import type { Visibility } from "../events.ts";
import { unseen } from "../fold.ts";

/**
 * What the answer says of an entity's visibility. With a threshold, the model's score decides where there is one; the
 * threshold 0 lets every judged entity through. A refusal or a doubt stays null and never becomes a no.
 *
 * @param judgement undefined when the model left the entity out
 */
export function visibilityOf(judgement: Judgement | undefined, threshold: number | undefined): Visibility {
  if (!judgement) return unseen("undecided");
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
