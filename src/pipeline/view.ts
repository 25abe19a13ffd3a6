import { LIMITS } from "../../schemas/limits.ts";
import type { Size } from "../../schemas/primitives.ts";
import type { Picture } from "./read-picture.ts";
import type { StageRunner } from "./run-stage.ts";

/** The picture as models are given it: upright, of a size that they take. */
export interface View {
  /** A data URL. */
  readonly image: string;
  readonly size: Size;
}

/** The caller's picture for models. It goes through the `picture` stage only when it lies on its side or is too large; null when that is down. */
export async function viewOf(picture: Picture, stages: StageRunner): Promise<View | null> {
  const side = Math.max(picture.size.width, picture.size.height);
  if (picture.orientation === 1 && side <= LIMITS.modelSide) return { image: picture.dataUrl, size: picture.size };
  return convert(picture, LIMITS.modelSide, stages);
}

/** The picture upright, as JPEG, its long side at most `side`; null when no model does that. */
export async function convert(picture: Picture, side: number, stages: StageRunner): Promise<View | null> {
  const output = await stages.run("picture", { image: picture.dataUrl, max_side: side });
  return output && { image: output.image, size: { width: output.width, height: output.height } };
}
