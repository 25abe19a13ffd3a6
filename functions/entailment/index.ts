import { loadEvidence } from "../evidence/index.ts";
import type { PictureStore } from "../pictures.ts";
import type { StageFunction } from "../stage-function.ts";

/**
 * Is each entity visible? Rules decide from what the detectors found. With evidence, the score is a probability by
 * Bayes' rule (evidence/priors.ts), not calibrated, and 0.5 or more means visible. Without evidence, the entity is not
 * visible and the score is null.
 */
export async function loadEntailment(pictures: PictureStore): Promise<StageFunction<"entailment">> {
  const evidence = await loadEvidence();
  const { model, version } = evidence;
  return {
    name: "entailment",
    model,
    version,
    run: async ({ image, entities }, context) => {
      const findings = await evidence.find(await pictures.open(image, context), entities, context.pause);
      const judgements = findings.map(({ visible, score, method }, index) => {
        return { id: entities[index]?.id ?? "", visible, score, method, calibrated: false, reason: null };
      });
      return { model, version, judgements };
    },
  };
}
