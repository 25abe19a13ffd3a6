import { scaleBox } from "../../../schemas/geometry.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import type { Box, Size } from "../../../schemas/primitives.ts";
import { LINE } from "./lettering.ts";

/** Where a picture lies in its drawing, in pixels of the drawing. */
export interface Canvas {
  /** What boxes and labels are drawn on: the picture, with a background around a thin one. The legend lies below. */
  readonly frame: Size;
  /** The picture's size in the drawing, and its top left corner. */
  readonly picture: Size & { readonly x: number; readonly y: number };
  readonly enlarged: boolean;
  readonly fontSize: number;
  /** A box in pixels of the picture, in pixels of the drawing. */
  place(box: Box): Box;
}

/**
 * Font size: the smallest and the largest in pixels; between them, a share of the drawing's long side, at most a share
 * of its width. Set by hand.
 */
const [LEAST, MOST, OF_LONG_SIDE, OF_WIDTH] = [12, 30, 0.026, 0.04];

/**
 * The canvas for a picture of this size. The picture is scaled so that its long side has `LIMITS.overlayLeastSide` to
 * `LIMITS.overlaySide` pixels. A thin picture is centred on a background wide enough for text, and high enough for a
 * label above and below it.
 */
export function layCanvas(size: Size): Canvas {
  const long = Math.max(size.width, size.height);
  const side = Math.max(LIMITS.overlayLeastSide, Math.min(LIMITS.overlaySide, long));
  const drawn = (length: number) => Math.max(1, Math.round((length * side) / long));
  const picture = { width: drawn(size.width), height: drawn(size.height) };
  const width = Math.max(LIMITS.overlayLeastSide, picture.width);
  const fontSize = Math.round(Math.max(LEAST, Math.min(MOST, OF_LONG_SIDE * side, OF_WIDTH * width)));
  const height = Math.max(picture.height, Math.ceil(4 * LINE * fontSize));
  const [x, y] = [Math.floor((width - picture.width) / 2), Math.floor((height - picture.height) / 2)];
  return {
    frame: { width, height },
    picture: { ...picture, x, y },
    enlarged: side > long,
    fontSize,
    place(box) {
      const { xmin, ymin, xmax, ymax } = scaleBox(box, picture.width / size.width, picture.height / size.height);
      return { xmin: xmin + x, ymin: ymin + y, xmax: xmax + x, ymax: ymax + y };
    },
  };
}
