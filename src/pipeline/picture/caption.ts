import { plainParagraph } from "../../stages/caption/paragraph.ts";
import type { PictureRef } from "../../stages/picture-ref.ts";
import type { Run } from "../run.ts";

/**
 * A description of the picture in plain words, as background for other models; null when no caption model is configured
 * or answers.
 */
export async function captionPicture(preparing: Promise<PictureRef | null>, run: Run): Promise<string | null> {
  if (!run.stages.has("caption")) return null;
  const picture = await preparing;
  const output = picture && (await run.stages.run("caption", {}, picture));
  return output && plainParagraph(output.caption);
}
