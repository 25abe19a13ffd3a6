import { loadEvidence } from "../evidence/index.ts";
import type { PictureStore } from "../pictures.ts";
import type { StageFunction } from "../stage-function.ts";

/**
 * Can each entity be seen? Judged by rules over what detectors saw. A yes carries the probability that Bayes' rule gives (evidence/priors.ts),
 * 0.5 to 1 and never calibrated; a no carries null, as no evidence was found, or too little to count. So a caller's threshold
 * above 0.5 asks for more evidence, and one below finds no more than there is.
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
