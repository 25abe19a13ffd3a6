import { LIMITS } from "../../schemas/limits.ts";
import type { Size } from "../../schemas/primitives.ts";
import { ProblemError } from "../../schemas/problem.ts";
import type { RecognizeAnswer } from "../../schemas/recognize.ts";
import { overlaySvg } from "../image/overlay/svg.ts";
import type { Picture } from "./read-picture.ts";
import type { StageRunner } from "./run-stage.ts";
import { convert, type View } from "./view.ts";

/** The answer drawn on the picture, in the picture's own pixels. @param view the picture as models were given it, where they were */
export async function drawSvg(answer: RecognizeAnswer, picture: Picture, view: View | null, stages: StageRunner): Promise<string> {
  const turned = picture.orientation === 1 ? null : (view ?? (await convert(picture, LIMITS.modelSide, stages)));
  const shown = picture.orientation === 1 ? picture.dataUrl : turned?.image;
  if (!shown) throw new ProblemError("stage_failed", stages.failures.at(-1)?.detail ?? "", { stage: "picture" });
  const { bundledFont } = await import("../image/overlay/bundled-font.ts");
  return overlaySvg({ picture: shown, size: picture.size, entities: answer.entities }, bundledFont);
}

/** The same as PNG, its long side at most `LIMITS.overlaySide`. */
export async function drawPng(answer: RecognizeAnswer, picture: Picture, view: View | null, stages: StageRunner): Promise<Uint8Array> {
  const shown = await drawable(picture, view, stages);
  if (!shown) throw new ProblemError("overlay_not_drawable", "No model is there to convert this picture into one that can be drawn on.");
  // Loaded when first needed: the renderer is most of the bundle, and most requests never draw.
  const [{ overlayPng }, { bundledFont }] = await Promise.all([
    import("../image/overlay/png.ts"),
    import("../image/overlay/bundled-font.ts"),
  ]);
  return overlayPng(overlaySvg({ picture: shown, size: picture.size, entities: answer.entities }, bundledFont, true));
}

/** A picture that the renderer can decode within its memory: upright RGB as JPEG or PNG (it draws nothing, silently, for others). */
async function drawable(picture: Picture, view: View | null, stages: StageRunner): Promise<string | null> {
  const asSent = picture.orientation === 1 && picture.drawable;
  if (asSent && isSmall(picture.size)) return picture.dataUrl;
  const converted =
    view && view.image !== picture.dataUrl && isSmall(view.size) ? view : await convert(picture, LIMITS.overlaySide, stages);
  return converted?.image ?? null;
}

function isSmall({ width, height }: Size): boolean {
  return width * height <= LIMITS.overlaySourcePixels;
}
