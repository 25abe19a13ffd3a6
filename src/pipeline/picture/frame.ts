import { scaleBox } from "../../../schemas/geometry.ts";
import { inverseOrientation, turnBox, turnSize } from "../../../schemas/orientation.ts";
import type { Box, Size } from "../../../schemas/primitives.ts";
import type { PictureData } from "../../stages/picture-ref.ts";

type Frame = Pick<PictureData, "size" | "orientation">;

/** A box in the pixels that models saw, as a box in the caller's upright picture, whose size is `size`. */
export function toCaller(box: Box, seen: Frame, size: Size): Box {
  const turned = turnSize(seen.size, seen.orientation);
  return scaleBox(turnBox(box, seen.orientation, seen.size), size.width / turned.width, size.height / turned.height);
}

/** The inverse of `toCaller`: a box in the caller's upright picture as a box in the pixels that models see. */
export function fromCaller(box: Box, seen: Frame, size: Size): Box {
  const turned = turnSize(seen.size, seen.orientation);
  const scaled = scaleBox(box, turned.width / size.width, turned.height / size.height);
  return turnBox(scaled, inverseOrientation(seen.orientation), turned);
}
