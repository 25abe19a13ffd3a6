import { clampBox } from "../../schemas/geometry.ts";
import type { Box, Size } from "../../schemas/primitives.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { refuse } from "./field-problem.ts";
import { withIds } from "./ids.ts";

/** A caller's box, in pixels of the upright picture. */
interface CallersBox {
  readonly id?: string | undefined;
  readonly box: Box;
  readonly type?: string | undefined;
}

/**
 * A caller's boxes, each with an id and cut to the picture. Throws a `ProblemError` that names every box that is wrong.
 */
export function boxesInPicture(boxes: readonly CallersBox[], size: Size) {
  refuse(boxes.flatMap(({ box }, index) => boxErrors(box, index, size)));
  return withIds(boxes, "boxes", "r").map((item) => ({ ...item, box: clampBox(item.box, size) ?? item.box }));
}

/** A picture of at most so many pixels a side can hold a box whose edges are all from 0 to 1. */
const TINY_SIDE = 4;

/** What is wrong with a box: it is in fractions, its corners are swapped, it is empty, or it is outside the picture. */
function boxErrors(box: Box, index: number, { width, height }: Size): FieldError[] {
  const error = (detail: string, limit: FieldError["limit"] = [width, height]): FieldError[] => {
    return [{ pointer: `/boxes/${index}/box`, detail, limit, value: box }];
  };
  const size = `the picture has ${width} × ${height} pixels`;
  const edges = [box.xmin, box.ymin, box.xmax, box.ymax];
  if (
    Math.max(width, height) > TINY_SIDE &&
    edges.some((edge) => edge > 0) &&
    edges.every((edge) => edge >= 0 && edge <= 1)
  )
    return error(`looks like fractions from 0 to 1; send pixels: ${size}`);
  if (box.xmax <= box.xmin) return error("must have an xmax that is greater than its xmin", box.xmin);
  if (box.ymax <= box.ymin) return error("must have a ymax that is greater than its ymin", box.ymin);
  return clampBox(box, { width, height }) ? [] : error(`lies outside the picture: ${size}`);
}
