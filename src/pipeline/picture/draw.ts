import { LIMITS } from "../../../schemas/limits.ts";
import type { Size } from "../../../schemas/primitives.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import type { RecognizeAnswer } from "../../../schemas/recognize.ts";
import { toDataUrl } from "../../image/data-url.ts";
import { type Overlay, overlaySvg } from "../../image/overlay/svg.ts";
import type { PictureHost, PictureRef } from "../../stages/picture-ref.ts";
import type { StageRunner } from "../stage-runner.ts";
import type { Picture } from "./read-picture.ts";
import { convert } from "./upright.ts";

export interface DrawTools {
  readonly stages: StageRunner;
  readonly host: PictureHost;
}

/** Pixels that can be drawn on. */
type Drawable = Pick<PictureRef, "bytes" | "type">;

/**
 * The answer drawn on the picture, in the picture's own pixels. @param view the picture as models were given it, where
 * they were
 */
export async function drawSvg(
  answer: RecognizeAnswer,
  picture: Picture,
  view: PictureRef | null,
  tools: DrawTools,
): Promise<string> {
  const upright = view?.orientation === 1 ? view : null;
  const turned =
    picture.orientation === 1
      ? picture
      : (upright ?? (await convert(picture, LIMITS.modelSide, tools.host, tools.stages)));
  if (!turned) throw new ProblemError("stage_failed", tools.stages.failures.at(-1)?.detail ?? "", { stage: "picture" });
  const { bundledFont } = await import("../../image/overlay/bundled-font.ts");
  return overlaySvg(drawing(turned, picture.size, answer), bundledFont);
}

/** The same as PNG, its long side at most `LIMITS.overlaySide`. */
export async function drawPng(
  answer: RecognizeAnswer,
  picture: Picture,
  view: PictureRef | null,
  tools: DrawTools,
): Promise<Uint8Array> {
  const shown = await drawable(picture, view, tools);
  if (!shown)
    throw new ProblemError(
      "overlay_not_drawable",
      "No model is there to convert this picture into one that can be drawn on.",
    );
  // Loaded when first needed: the renderer is most of the bundle, and most requests never draw.
  const [{ overlayPng }, { bundledFont }] = await Promise.all([
    import("../../image/overlay/png.ts"),
    import("../../image/overlay/bundled-font.ts"),
  ]);
  return overlayPng(overlaySvg(drawing(shown, picture.size, answer), bundledFont, true));
}

function drawing({ bytes, type }: Drawable, size: Size, { entities }: RecognizeAnswer): Overlay {
  return { picture: toDataUrl(bytes, type), size, entities };
}

/**
 * A picture that the renderer can decode within its memory: upright RGB as JPEG or PNG (it draws nothing, silently, for
 * others).
 */
async function drawable(
  picture: Picture,
  view: PictureRef | null,
  { host, stages }: DrawTools,
): Promise<Drawable | null> {
  const asSent = picture.orientation === 1 && picture.drawable;
  if (asSent && isSmall(picture.size)) return picture;
  const converted = view?.orientation === 1 && view.bytes !== picture.bytes && isSmall(view.size);
  return converted ? view : convert(picture, LIMITS.overlaySide, host, stages);
}

function isSmall({ width, height }: Size): boolean {
  return width * height <= LIMITS.overlaySourcePixels;
}
