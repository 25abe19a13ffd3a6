import { loadEvidence } from "../evidence/index.ts";
import type { PictureStore } from "../pictures.ts";
import type { StageFunction } from "../stage-function.ts";

/**
 * Can each entity be seen? Judged by rules over what detectors saw. Where there is evidence, the score is the
 * probability that Bayes' rule gives (evidence/priors.ts), never calibrated, and a yes begins at 0.5; where there is
 * none, it is null.
 */
export async function loadEntailment(pictures: PictureStore): Promise<StageFunction<"entailment">> {
  const evidence = await loadEvidence();
  const { model, version } = evidence;
  return {
    name: "entailment",
    model,
    version,
    run: async ({ image, entities }) => {
      const findings = await evidence.find(await pictures.open(image), entities);
      const judgements = findings.map(({ visible, score, method }, index) => {
        return { id: entities[index]?.id ?? "", visible, score, method, calibrated: false, reason: null };
      });
      return { model, version, judgements };
    },
  };
}
