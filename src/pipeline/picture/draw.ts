import { LIMITS } from "../../../schemas/limits.ts";
import type { Size } from "../../../schemas/primitives.ts";
import { ProblemError } from "../../../schemas/problem.ts";
import type { RecognizeAnswer } from "../../../schemas/recognize.ts";
import { toDataUrl } from "../../image/data-url.ts";
import { type Overlay, overlaySvg } from "../../image/overlay/svg.ts";
import { PictureError, type SniffedPicture, sniffPicture } from "../../image/sniff.ts";
import type { PictureData, PictureRef } from "../../stages/picture-ref.ts";
import type { Run } from "../run.ts";
import type { Picture } from "./read-picture.ts";
import { convertPicture } from "./upright.ts";

/** The fields of an answer that are drawn. */
export type DrawnAnswer = Pick<RecognizeAnswer, "entities" | "partial">;

/** The bytes of a picture that can be drawn on. */
type Drawable = Pick<PictureData, "bytes" | "type">;

/**
 * The answer drawn on the picture as SVG, in the picture's own pixels.
 *
 * @param modelPicture the picture that models saw; null when no model saw it
 * @throws ProblemError when the picture lies on its side and no model turns it
 */
export async function drawSvg(
  answer: DrawnAnswer,
  picture: Picture,
  modelPicture: PictureRef | null,
  run: Run,
): Promise<string> {
  const upright = modelPicture?.orientation === 1 ? modelPicture : null;
  const turned =
    picture.orientation === 1
      ? picture
      : asRead(upright ?? (await convertPicture(picture, LIMITS.modelSide, run)), () => true);
  if (!turned) throw run.stages.failure("picture");
  const { bundledFont } = await import("../../image/overlay/bundled-font.ts");
  return overlaySvg(drawing(turned, picture.size, answer), bundledFont);
}

/**
 * The answer drawn on the picture as PNG, its long side at most `LIMITS.overlaySide` pixels.
 *
 * @param modelPicture the picture that models saw; null when no model saw it
 * @throws ProblemError `overlay_not_drawable` when the picture must be converted first and no model does that
 */
export async function drawPng(
  answer: DrawnAnswer,
  picture: Picture,
  modelPicture: PictureRef | null,
  run: Run,
): Promise<Uint8Array<ArrayBuffer>> {
  const drawable = await drawablePicture(picture, modelPicture, run);
  if (!drawable) {
    throw new ProblemError(
      "overlay_not_drawable",
      "This picture has to be converted before it is drawn on, and no model of the picture stage answered.",
    );
  }
  // Loaded when first needed: the renderer is most of the bundle, and most requests never draw.
  const [{ overlayPng }, { bundledFont }] = await Promise.all([
    import("../../image/overlay/png.ts"),
    import("../../image/overlay/bundled-font.ts"),
  ]);
  const svg = overlaySvg(drawing(drawable, picture.size, answer), bundledFont, true);
  return (await overlayPng(svg)) as Uint8Array<ArrayBuffer>;
}

function drawing({ bytes, type }: Drawable, size: Size, { entities, partial }: DrawnAnswer): Overlay {
  return { picture: toDataUrl(bytes, type), size, entities, partial };
}

/** Whether a PNG can be drawn of the picture: as it is, or converted by a model. */
export function canDraw(picture: Picture, run: Run): boolean {
  return isDrawable(picture) || run.stages.has("picture");
}

/**
 * Whether the renderer can decode the picture within its memory. For any other it draws nothing and reports no error.
 */
function isDrawable({ orientation, drawable, size }: Picture): boolean {
  return orientation === 1 && drawable && isSmall(size);
}

/** The picture in a form that the renderer decodes: upright RGB as JPEG or PNG. Null when no model converts it. */
async function drawablePicture(picture: Picture, modelPicture: PictureRef | null, run: Run): Promise<Drawable | null> {
  if (isDrawable(picture)) return picture;
  const converted =
    modelPicture?.orientation === 1 && modelPicture.bytes !== picture.bytes && isSmall(modelPicture.size);
  const model = converted ? modelPicture : await convertPicture(picture, LIMITS.overlaySide, run);
  return asRead(
    model,
    ({ type, components, upright }) => type !== "image/webp" && components !== 4 && isSmall(upright),
  );
}

/**
 * A model's picture with the type that its bytes have: its own word for the type would be written into the drawing, and
 * its own word for the size says nothing of what is decoded. Null when the bytes are no upright picture or not fit.
 */
function asRead(picture: PictureRef | null, isFit: (header: SniffedPicture) => boolean): Drawable | null {
  if (!picture) return null;
  try {
    const header = sniffPicture(picture.bytes);
    return header.orientation === 1 && isFit(header) ? { bytes: picture.bytes, type: header.type } : null;
  } catch (error) {
    if (error instanceof PictureError) return null;
    throw error;
  }
}

function isSmall({ width, height }: Size): boolean {
  return width * height <= LIMITS.overlaySourcePixels;
}
