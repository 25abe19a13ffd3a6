import { loadEvidence } from "../evidence/index.ts";
import type { PictureStore } from "../pictures.ts";
import type { StageFunction } from "../stage-function.ts";

/**
 * Where is each entity? The regions come from the evidence that entailment also uses. Regions of an invisible entity
 * are candidates: the pipeline drops them unless the caller's threshold lets the entity through.
 */
export async function loadGrounding(pictures: PictureStore): Promise<StageFunction<"grounding">> {
  const evidence = await loadEvidence();
  const { model, version } = evidence;
  return {
    name: "grounding",
    model,
    version,
    run: async ({ image, text, entities }, context) => {
      const findings = await evidence.find(await pictures.open(image, context), { entities, text }, context.pause);
      return {
        model,
        version,
        groundings: findings.map(({ regions }, index) => ({ id: entities[index]?.id ?? "", regions: [...regions] })),
      };
    },
  };
}
