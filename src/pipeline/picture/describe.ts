import type { PictureRef } from "../../stages/picture-ref.ts";
import type { StageRunner } from "../stage-runner.ts";

/**
 * What the picture shows, in words, where the deployment has a model for that; it is background, and goes missing
 * without a trace in the entities.
 */
export async function describe(viewing: Promise<PictureRef | null>, stages: StageRunner): Promise<string | null> {
  if (!stages.has("caption")) return null;
  const view = await viewing;
  const output = view && (await stages.run("caption", {}, view));
  return output?.caption ?? null;
}
