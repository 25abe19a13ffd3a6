import { scaleBox } from "../../../schemas/geometry.ts";
import { inverseOrientation, turnBox, turnSize } from "../../../schemas/orientation.ts";
import type { Box, Size } from "../../../schemas/primitives.ts";
import type { PictureData } from "../../stages/picture-ref.ts";

type Frame = Pick<PictureData, "size" | "orientation">;

/** A box in the pixels that models saw, as a box in the caller's upright picture, whose size is `size`. */
export function toCaller(box: Box, frame: Frame, size: Size): Box {
  const turned = turnSize(frame.size, frame.orientation);
  return scaleBox(turnBox(box, frame.orientation, frame.size), size.width / turned.width, size.height / turned.height);
}

/** The inverse of `toCaller`: a box in the caller's upright picture as a box in the pixels that models see. */
export function fromCaller(box: Box, frame: Frame, size: Size): Box {
  const turned = turnSize(frame.size, frame.orientation);
  const scaled = scaleBox(box, turned.width / size.width, turned.height / size.height);
  return turnBox(scaled, inverseOrientation(frame.orientation), turned);
}
