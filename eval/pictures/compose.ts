import { join } from "node:path";
import sharp from "sharp";
import type { Box, EntityType, RleMask, Size } from "../../schemas/primitives.ts";
import { columnRuns, rleBounds, rleDifference, rleShared } from "../../schemas/rle.ts";
import { readPolygons } from "../readers/posts.ts";
import { drawLettering } from "./lettering.ts";
import { placeBox, placeLayer, placePolygons, rleOfBox } from "./placement.ts";
import type { Layer, PhotoLayer, PictureFormat, PrintLayer, Recipe, Subjects } from "./recipe.ts";

/** What can be seen of a layer that shows a subject or a print. */
export interface VisibleLayer {
  readonly id: string | null;
  /** What it shows. */
  readonly kind: EntityType | "print";
  /** Bounds of the visible part, in pixels of the picture; null when the layer is hidden or outside. */
  readonly box: Box | null;
  /** The visible pixels, of a print its letters; null when the subject has no mask, and when `box` is null. */
  readonly mask: RleMask | null;
  /** Whether it is a subject with a mask, and shared pixels with another such before the one in front hid them. */
  readonly overlaps: boolean;
}

export interface ComposedPicture {
  readonly bytes: Buffer;
  readonly mediaType: "image/png" | "image/jpeg";
  readonly size: Size;
  /** From back to front. */
  readonly layers: readonly VisibleLayer[];
}

/** Pictures' parts: where the photos and masks are, and what they show. */
export interface Sources {
  /** The folder of `photos/` and `masks/`. */
  readonly folder: string;
  readonly subjects: Subjects;
}

/** A layer, ready to be drawn. */
interface Drawn {
  readonly id: string | null;
  /** What it shows; null for a photo that is only the background. */
  readonly kind: VisibleLayer["kind"] | null;
  /** The pixels that the layer hides of what lies behind it; null when it hides nothing, as bare letters do. */
  readonly solid: RleMask | null;
  /** The subject's pixels, before anything lies in front of them; null when they are not known. */
  readonly mask: RleMask | null;
  /** The subject's box, clipped to the crop and the canvas; null when nothing of it is inside. */
  readonly box: Box | null;
  readonly paint: (canvas: Canvas) => void;
}

/** RGB, row by row. */
interface Canvas extends Size {
  readonly data: Uint8Array;
}

/**
 * Draw a picture and say what can be seen of its layers. The same recipe gives the same pixels: enlarging has a fixed
 * kernel, and a cut-out has exactly the pixels of its mask, without soft edges.
 * Throws when a photo, a subject or a mask is missing, or a layer cannot be drawn.
 */
export async function composePicture(
  recipe: Recipe,
  format: PictureFormat,
  sources: Sources,
): Promise<ComposedPicture> {
  const { width, height } = recipe;
  const data = new Uint8Array(width * height * 3);
  const ground = rgbOf(recipe.colour);
  for (let index = 0; index < data.length; index++) data[index] = ground[index % 3] ?? 0;
  const drawn: Drawn[] = [];
  for (const layer of recipe.layers) drawn.push(await drawLayer(layer, recipe, sources));
  for (const { paint } of drawn) paint({ width, height, data });
  const image = sharp(data, { raw: { width, height, channels: 3 } });
  return {
    bytes: await (format === "png" ? image.png() : image.jpeg({ quality: 88 })).toBuffer(),
    mediaType: `image/${format}`,
    size: { width, height },
    layers: visibleLayers(drawn, recipe),
  };
}

function drawLayer(layer: Layer, canvas: Size, sources: Sources): Promise<Drawn> {
  return "print" in layer ? drawPrint(layer, canvas) : drawPhoto(layer, canvas, sources);
}

async function drawPrint(layer: PrintLayer, canvas: Size): Promise<Drawn> {
  const { coverage, letters, plate } = await drawLettering(layer, canvas);
  const paint = ({ data }: Canvas) => {
    const background = rgbOf(layer.background ?? layer.colour);
    for (const pixel of plate ? pixelsOf(plate) : []) data.set(background, 3 * pixel);
    const colour = rgbOf(layer.colour);
    for (const [pixel, alpha] of coverage.entries()) {
      for (let channel = 0; alpha > 0 && channel < 3; channel++) {
        const below = data[3 * pixel + channel] ?? 0;
        data[3 * pixel + channel] = Math.round(below + ((colour[channel] ?? 0) - below) * (alpha / 255));
      }
    }
  };
  return { id: layer.id ?? null, kind: "print", solid: plate, mask: letters, box: rleBounds(letters), paint };
}

async function drawPhoto(layer: PhotoLayer, canvas: Size, { folder, subjects }: Sources): Promise<Drawn> {
  const subject = "subject" in layer ? subjects[layer.subject] : null;
  if (subject === undefined) throw new Error(`there is no subject ${JSON.stringify(layer)}`);
  const photo = sharp(join(folder, subject?.photo ?? ("photo" in layer ? layer.photo : "")));
  const { width, height } = await photo.metadata();
  const placement = placeLayer(layer, { width, height });
  const rectangle = rleOfBox(placement.target, canvas);
  const mask = subject?.mask
    ? placePolygons((await readPolygons(folder, subject.mask)).polygons, placement, canvas)
    : null;
  const isCut = "cut" in layer && layer.cut;
  if (isCut && !mask) throw new Error(`a subject without a mask cannot be cut out: ${layer.subject}`);
  const solid = (isCut && mask) || rectangle;
  const { crop, flip, target } = placement;
  const source = await photo
    .extract({ left: crop.xmin, top: crop.ymin, width: crop.xmax - crop.xmin, height: crop.ymax - crop.ymin })
    .flop(flip)
    .resize(target.xmax - target.xmin, target.ymax - target.ymin, { fit: "fill", kernel: "cubic" })
    .toColourspace("srgb")
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { channels } = source.info;
  const paint = ({ data }: Canvas) => {
    for (const pixel of pixelsOf(solid)) {
      const [x, y] = [pixel % canvas.width, Math.floor(pixel / canvas.width)];
      const from = ((y - target.ymin) * source.info.width + x - target.xmin) * channels;
      // A grey photo has one channel.
      for (let channel = 0; channel < 3; channel++)
        data[3 * pixel + channel] = source.data[from + Math.min(channel, channels - 1)] ?? 0;
    }
  };
  const box = subject && placeBox(subject.box, placement, canvas);
  return { id: layer.id ?? null, kind: subject?.type ?? null, solid, mask, box: mask ? rleBounds(mask) : box, paint };
}

/** What can be seen of each layer once those in front of it are drawn. Throws when two have the same id. */
function visibleLayers(drawn: readonly Drawn[], canvas: Size): VisibleLayer[] {
  const ids = drawn.flatMap(({ id }) => id ?? []);
  const twice = ids.find((id, index) => ids.indexOf(id) !== index);
  if (twice !== undefined) throw new Error(`two layers have the id ${twice}`);
  return drawn.flatMap((layer, index) => {
    const { id, kind } = layer;
    if (!kind) return [];
    const front = drawn.slice(index + 1).flatMap(({ solid }) => solid ?? []);
    return [{ id, kind, ...visiblePart(layer, front, canvas), overlaps: overlapsOne(layer, drawn) }];
  });
}

function visiblePart(
  { mask, box }: Drawn,
  front: readonly RleMask[],
  canvas: Size,
): Pick<VisibleLayer, "box" | "mask"> {
  const hidden = { box: null, mask: null };
  if (!box) return hidden;
  const whole = mask ?? rleOfBox(box, canvas);
  const seen = front.reduce(rleDifference, whole);
  const [before, after] = [rleBounds(whole), rleBounds(seen)];
  if (!before || !after) return hidden;
  if (mask) return { box: after, mask: seen };
  // A box without a mask keeps its fractions on the sides that nothing hides.
  const side = (name: keyof Box) => (before[name] === after[name] ? box[name] : after[name]);
  return { box: { xmin: side("xmin"), ymin: side("ymin"), xmax: side("xmax"), ymax: side("ymax") }, mask };
}

function overlapsOne(layer: Drawn, drawn: readonly Drawn[]): boolean {
  const { mask } = layer;
  if (!mask || !isSubject(layer)) return false;
  return drawn.some((other) => other !== layer && isSubject(other) && other.mask && rleShared(mask, other.mask) > 0);
}

function isSubject({ kind }: Drawn): boolean {
  return kind !== null && kind !== "print";
}

/** Indices of a mask's pixels in a picture that is stored row by row. */
function* pixelsOf(mask: RleMask): Generator<number> {
  for (const { x, top, bottom } of columnRuns(mask)) {
    for (let y = top; y < bottom; y++) yield y * mask.size[1] + x;
  }
}

function rgbOf(colour: string): [number, number, number] {
  const value = Number.parseInt(colour.slice(1), 16);
  return [value >> 16, (value >> 8) & 255, value & 255];
}
