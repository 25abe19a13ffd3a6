import { boxArea, intersectBoxes } from "../../schemas/geometry.ts";
import { rleOfPolygons } from "../../schemas/polygon.ts";
import type { Box, RleMask, Size } from "../../schemas/primitives.ts";
import { rleIntersection } from "../../schemas/rle.ts";
import type { PhotoLayer } from "./recipe.ts";

/** Where a part of a photo lies in the picture. */
export interface Placement {
  /** The part of the photo, in whole pixels of the photo. */
  readonly crop: Box;
  readonly flip: boolean;
  /** The place in the picture, in whole pixels; it may reach outside. */
  readonly target: Box;
}

/**
 * Where a layer draws its photo. The side that the layer does not give is rounded to whole pixels.
 * Throws a `RangeError` when the crop is empty, has fractions or reaches outside the photo.
 */
export function placeLayer(layer: PhotoLayer, photo: Size): Placement {
  const crop = layer.crop ?? { xmin: 0, ymin: 0, xmax: photo.width, ymax: photo.height };
  const [across, down] = [crop.xmax - crop.xmin, crop.ymax - crop.ymin];
  const isInside = crop.xmin >= 0 && crop.ymin >= 0 && crop.xmax <= photo.width && crop.ymax <= photo.height;
  if (!isInside || across < 1 || down < 1 || !Object.values(crop).every(Number.isInteger))
    throw new RangeError(`the crop ${JSON.stringify(crop)} is no part of ${photo.width} x ${photo.height} pixels`);
  const width = layer.width ?? Math.max(1, Math.round(((layer.height ?? down) * across) / down));
  const height = layer.height ?? Math.max(1, Math.round(((layer.width ?? across) * down) / across));
  const target = { xmin: layer.x, ymin: layer.y, xmax: layer.x + width, ymax: layer.y + height };
  return { crop, flip: layer.flip === true, target };
}

/** A point of the photo in pixels of the picture. */
function placePoint([x, y]: readonly [number, number], { crop, flip, target }: Placement): [number, number] {
  const across = (x - crop.xmin) / (crop.xmax - crop.xmin);
  const down = (y - crop.ymin) / (crop.ymax - crop.ymin);
  return [
    target.xmin + (flip ? 1 - across : across) * (target.xmax - target.xmin),
    target.ymin + down * (target.ymax - target.ymin),
  ];
}

/** A box of the photo in pixels of the picture, clipped to what is drawn of it; null when nothing is left. */
export function placeBox(box: Box, placement: Placement, canvas: Size): Box | null {
  const [x0, y0] = placePoint([box.xmin, box.ymin], placement);
  const [x1, y1] = placePoint([box.xmax, box.ymax], placement);
  const placed = { xmin: Math.min(x0, x1), ymin: y0, xmax: Math.max(x0, x1), ymax: y1 };
  const frame = intersectBoxes(placement.target, { xmin: 0, ymin: 0, xmax: canvas.width, ymax: canvas.height });
  const clipped = intersectBoxes(placed, frame);
  return boxArea(clipped) > 0 ? clipped : null;
}

/**
 * The pixels of the picture whose centre lies in one of the polygons of a photo, where the layer draws the photo.
 * @param polygons each a list of corners `[x, y]` in pixels of the photo, without holes
 */
export function placePolygons(
  polygons: ReadonlyArray<ReadonlyArray<readonly [number, number]>>,
  placement: Placement,
  canvas: Size,
): RleMask {
  const placed = polygons.map((corners) => [corners.flatMap((corner) => placePoint(corner, placement))]);
  const mask = rleOfPolygons({ size: [canvas.height, canvas.width], polygons: placed });
  return rleIntersection(mask, rleOfBox(placement.target, canvas));
}

/** The pixels of the picture whose centre lies in a box. */
export function rleOfBox({ xmin, ymin, xmax, ymax }: Box, { width, height }: Size): RleMask {
  return rleOfPolygons({ size: [height, width], polygons: [[[xmin, ymin, xmax, ymin, xmax, ymax, xmin, ymax]]] });
}
