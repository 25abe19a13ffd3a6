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
  const { overlayPng } = await import("../../image/overlay/png.ts");
  return (await overlayPng(drawing(drawable, picture.size, answer))) as Uint8Array<ArrayBuffer>;
}

/**
 * Bytes of memory that drawing a PNG takes beside the renderer's own: its source as base64 and as SVG, and the PNG. Set
 * by hand for the largest source, with `npm run bench:memory`.
 */
const DRAWING_BYTES = 24_000_000;
/**
 * Bytes of the renderer's WebAssembly memory, which never shrinks and which no heap figure counts. Measured with resvg
 * 2.6.2 (docs/reference/platform.md, "Limits of Cloudflare Workers"): 28 MB for a picture of one megapixel,
 * 44 to 50 MB for one of 2.5 to 4 megapixels, 79 MB for nothing but noise.
 */
const RENDERER_BYTES = 60_000_000;
/** Bytes of memory that a byte of the picture takes in an SVG: as base64, in the document, and in its response. */
const SVG_FACTOR = 4;

/** Claims the memory for a drawing, before any work for it. Throws `overloaded` when there is no room. */
export function claimDrawing({ claim }: Run): void {
  claim.keep("renderer", RENDERER_BYTES);
  claim.grow(DRAWING_BYTES);
}

/** Like `claimDrawing`, for an SVG of a picture of so many bytes. */
export function claimSvg(bytes: number, { claim }: Run): void {
  claim.grow(SVG_FACTOR * bytes);
}

function drawing({ bytes, type }: Drawable, size: Size, { entities, partial }: DrawnAnswer): Overlay {
  return { picture: toDataUrl(bytes, type), size, entities, partial };
}

/**
 * Whether a PNG can be drawn of the picture when its link is followed: as it is, or converted. It is converted by the
 * deployment's own models then, so that a run with other models, such as a test key's, has no such link.
 */
export function canDraw(picture: Picture, { deployment, stages }: Run): boolean {
  const { chains, models } = deployment;
  const hasSameModels = () => models.picture.every((entry) => chains.picture.some((model) => model.entry === entry));
  return isDrawable(picture) || (stages.has("picture") && hasSameModels());
}

/**
 * Whether the renderer can decode the picture within its memory. For any other it draws nothing and reports no error.
 */
function isDrawable({ orientation, drawable, size, bytes }: Picture): boolean {
  return orientation === 1 && drawable && hasFewPixels(size) && bytes.length <= LIMITS.overlaySourceBytes;
}

/** The picture in a form that the renderer decodes: upright RGB as JPEG or PNG. Null when no model converts it. */
async function drawablePicture(picture: Picture, modelPicture: PictureRef | null, run: Run): Promise<Drawable | null> {
  if (isDrawable(picture)) return picture;
  const converted =
    modelPicture?.orientation === 1 && modelPicture.bytes !== picture.bytes && hasFewPixels(modelPicture.size);
  const model = converted ? modelPicture : await convertPicture(picture, LIMITS.overlaySide, run);
  return asRead(
    model,
    ({ type, components, upright }) => type !== "image/webp" && components !== 4 && hasFewPixels(upright),
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

function hasFewPixels({ width, height }: Size): boolean {
  return width * height <= LIMITS.overlaySourcePixels;
}
