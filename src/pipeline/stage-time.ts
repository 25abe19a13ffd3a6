import { STAGE_NAMES, type StageName } from "../../schemas/stages/index.ts";

/**
 * Most that a stage leaves to each step after it, in milliseconds. Set by hand: published examples of warm models take
 * up to 5 s.
 */
const KEPT_MS = 5_000;

/**
 * How much of the time that is left a stage may take, in milliseconds. Each later step of the run is left as much as
 * the stage itself has, but no more than `KEPT_MS`: a stage that hangs then costs its own result only. `mner` has all
 * the time, because a post without mentions has no answer. Entailment and grounding are one step: they run beside each
 * other.
 *
 * @param planned the stages that the run may need
 * @param left milliseconds until the run's deadline
 */
export function stageTime(stage: StageName, planned: ReadonlySet<StageName>, left: number): number {
  if (stage === "mner") return left;
  const own = STAGE_NAMES.indexOf(stage === "entailment" ? "grounding" : stage);
  const later = STAGE_NAMES.filter((name, at) => at > own && name !== "entailment" && planned.has(name)).length;
  return Math.max(0, Math.floor(Math.max(left / (later + 1), left - later * KEPT_MS)));
}
