import { clampBox, scaleBox } from "../../schemas/geometry.ts";
import type { Box, Size } from "../../schemas/primitives.ts";
import type { Picture } from "../pictures.ts";

/** A part of the picture, and the size of the grid on which it is computed. */
export interface Crop extends Size {
  readonly box: Box;
}

/**
 * The box grown by `margin` of its sides (the background around an object helps to separate it), clipped to the
 * picture, and with its edges moved outward to whole decoded pixels. The grid's cells are square unless a side would be
 * shorter than `shortSide`; its long side is at most `longSide`.
 */
export function cropAround(picture: Picture, box: Box, margin: number, longSide: number, shortSide: number): Crop {
  const { pixels } = picture;
  const [x, y] = [pixels.width / picture.width, pixels.height / picture.height];
  const [growX, growY] = [(box.xmax - box.xmin) * margin, (box.ymax - box.ymin) * margin];
  const grown = { xmin: box.xmin - growX, ymin: box.ymin - growY, xmax: box.xmax + growX, ymax: box.ymax + growY };
  const cut = scaleBox(clampBox(grown, picture) ?? grown, x, y);
  const whole = {
    xmin: Math.floor(cut.xmin),
    ymin: Math.floor(cut.ymin),
    xmax: Math.ceil(cut.xmax),
    ymax: Math.ceil(cut.ymax),
  };
  const inside = clampBox(whole, pixels) ?? whole;
  const [across, down] = [inside.xmax - inside.xmin, inside.ymax - inside.ymin];
  const scale = Math.min(1, longSide / Math.max(across, down));
  return {
    box: scaleBox(inside, 1 / x, 1 / y),
    width: Math.max(shortSide, Math.round(across * scale)),
    height: Math.max(shortSide, Math.round(down * scale)),
  };
}
