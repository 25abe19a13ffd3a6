import type { Judgement } from "../../../schemas/stages/entailment.ts";
import type { Visibility } from "../events.ts";
import { notJudged } from "../fold.ts";

/** Whether grounding found boxes for an entity; null when it was not asked. */
export type HasBox = boolean | null;

/**
 * The visibility of an entity in the answer. A refusal or an undecided answer never becomes false.
 *
 * With a threshold, an entity whose score reaches it is visible. One that has no box is visible only when the model
 * said so itself. Below the threshold, a model's no stays a no, and the rest is undecided. With the threshold 0, an
 * entity with boxes keeps them as candidates: a model's yes stays, and the rest is undecided. Without boxes, a model's
 * no stays.
 *
 * @param judgement undefined when no model judged the entity
 * @param missing why the stage gave no judgement; null when it did not fail
 */
export function visibilityOf(
  judgement: Judgement | undefined,
  threshold: number | undefined,
  hasBox: HasBox,
  missing: "stage_failed" | "over_budget" | null,
): Visibility {
  if (!judgement) return notJudged(missing ?? "undecided");
  const { score, method, calibrated, evidence = null } = judgement;
  const visible = decide(judgement, threshold, hasBox);
  const reason = visible === null ? (judgement.reason ?? "undecided") : null;
  return { visible, visibility: { score, method, calibrated, evidence, reason } };
}

function decide({ visible, score }: Judgement, threshold: number | undefined, hasBox: HasBox): boolean | null {
  if (threshold === undefined) return visible;
  if (threshold === 0) return hasBox === null || visible === hasBox ? visible : null;
  if (score === null) return visible;
  if (score >= threshold) return hasBox === false ? visible : true;
  return visible === false ? false : null;
}
