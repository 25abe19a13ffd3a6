import { LIMITS } from "../../schemas/limits.ts";
import { fromDataUrl } from "../image/data-url.ts";
import type { PictureHost } from "./picture-host.ts";
import type { Picture } from "./read-picture.ts";
import type { StageRunner } from "./run-stage.ts";
import { View } from "./view.ts";

/** The caller's picture for models. It goes through the `picture` stage only when it lies on its side or is too large; null when that is down. */
export async function viewOf(picture: Picture, host: PictureHost, stages: StageRunner): Promise<View | null> {
  const side = Math.max(picture.size.width, picture.size.height);
  if (picture.orientation === 1 && side <= LIMITS.modelSide) return new View(picture, host);
  return convert(picture, LIMITS.modelSide, host, stages);
}

/** The picture upright, as JPEG, its long side at most `side`; null when no model does that. */
export async function convert(picture: Picture, side: number, host: PictureHost, stages: StageRunner): Promise<View | null> {
  const output = await stages.run("picture", { max_side: side }, new View(picture, host));
  const converted = output && fromDataUrl(output.image);
  return converted && new View({ ...converted, size: { width: output.width, height: output.height } }, host);
}
