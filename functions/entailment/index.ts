import { loadEvidence } from "../evidence/index.ts";
import type { PictureStore } from "../pictures.ts";
import type { StageFunction } from "../stage-function.ts";

/**
 * Is each entity visible? Rules decide from what the detectors found and what the post's text says. The score is a
 * probability by Bayes' rule (evidence/looking.ts), not calibrated. An entity is visible from 0.5 up, when something
 * was found for it. It is not visible up to 0.1, when it would have been found. Otherwise this is undecided.
 */
export async function loadEntailment(pictures: PictureStore): Promise<StageFunction<"entailment">> {
  const evidence = await loadEvidence();
  const { model, version } = evidence;
  return {
    name: "entailment",
    model,
    version,
    run: async ({ image, text, entities }, context) => {
      const findings = await evidence.find(await pictures.open(image, context), { entities, text }, context.pause);
      const judgements = findings.map(({ visible, score, method, evidence: found }, index) => {
        const reason = visible === null ? ("undecided" as const) : null;
        const judgement = { id: entities[index]?.id ?? "", visible, score, method, calibrated: false, reason };
        return found ? { ...judgement, evidence: found } : judgement;
      });
      return { model, version, judgements };
    },
  };
}
