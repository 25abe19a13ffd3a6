import sharp from "sharp";
import { clampBox, scaleBox } from "../../schemas/geometry.ts";
import type { Box, Size } from "../../schemas/primitives.ts";
import type { Picture, Pixels } from "../pictures.ts";

/**
 * Long side to which a larger picture is shrunk before anything is cut out of it. Colours at one pixel decide thin
 * outlines, and shrinking in one step or in two gives other colours: so that a large photo and its small copy give the
 * same mask, both take the same steps.
 */
const WORKING_SIDE = 1_024;

/** A part of the picture, and the size of the grid on which it is computed. */
export interface Crop extends Size {
  readonly box: Box;
}

/**
 * The box grown by `margin` of its sides (the background around an object helps to separate it), clipped to the
 * picture, and with its edges moved outward to whole pixels of the working size. The grid's cells are square unless a
 * side would be shorter than `shortSide`; its long side is at most `longSide`.
 */
export function cropAround(picture: Size, box: Box, margin: number, longSide: number, shortSide: number): Crop {
  const working = workingScale(picture);
  const [growX, growY] = [(box.xmax - box.xmin) * margin, (box.ymax - box.ymin) * margin];
  const grown = { xmin: box.xmin - growX, ymin: box.ymin - growY, xmax: box.xmax + growX, ymax: box.ymax + growY };
  const cut = scaleBox(clampBox(grown, picture) ?? grown, working, working);
  const whole = {
    xmin: Math.floor(cut.xmin),
    ymin: Math.floor(cut.ymin),
    xmax: Math.ceil(cut.xmax),
    ymax: Math.ceil(cut.ymax),
  };
  const inside = clampBox(whole, { width: picture.width * working, height: picture.height * working }) ?? whole;
  const [across, down] = [inside.xmax - inside.xmin, inside.ymax - inside.ymin];
  const scale = Math.min(1, longSide / Math.max(across, down));
  return {
    box: scaleBox(inside, 1 / working, 1 / working),
    width: Math.max(shortSide, Math.round(across * scale)),
    height: Math.max(shortSide, Math.round(down * scale)),
  };
}

/** The pixels of a part of the picture at another size, through the working size. */
export async function cropPixels(picture: Picture, { box, width, height }: Crop): Promise<Pixels> {
  const working = workingScale(picture);
  const [across, down] = [(box.xmax - box.xmin) * working, (box.ymax - box.ymin) * working].map((side) =>
    Math.max(1, Math.round(side)),
  ) as [number, number];
  if (working === 1 || (across <= width && down <= height)) return picture.resized(width, height, box);
  const { data } = await picture.resized(across, down, box);
  const pixels = await sharp(data, { raw: { width: across, height: down, channels: 3 } })
    .resize(width, height, { fit: "fill", kernel: "linear" })
    .raw()
    .toBuffer();
  return { data: pixels, width, height };
}

function workingScale({ width, height }: Size): number {
  return Math.min(1, WORKING_SIDE / Math.max(width, height));
}
