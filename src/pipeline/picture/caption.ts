import type { PictureRef } from "../../stages/picture-ref.ts";
import type { Run } from "../run.ts";

/**
 * What the picture shows, in words, where the deployment has a model for that; background for other models. Null
 * without one.
 */
export async function captionPicture(preparing: Promise<PictureRef | null>, run: Run): Promise<string | null> {
  if (!run.stages.has("caption")) return null;
  const picture = await preparing;
  const output = picture && (await run.stages.run("caption", {}, picture));
  return output?.caption ?? null;
}
