import { clampBox } from "../../schemas/geometry.ts";
import type { Box, Size } from "../../schemas/primitives.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { withIds } from "./ids.ts";
import { refuse } from "./read-post.ts";

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

/** What is wrong with a box: its corners are swapped, it is empty, or it lies outside the picture. */
function boxErrors(box: Box, index: number, size: Size): FieldError[] {
  const pointer = `/boxes/${index}/box`;
  if (box.xmax <= box.xmin) {
    return [{ pointer: `${pointer}/xmax`, detail: "must be greater than xmin", limit: box.xmin, value: box.xmax }];
  }
  if (box.ymax <= box.ymin) {
    return [{ pointer: `${pointer}/ymax`, detail: "must be greater than ymin", limit: box.ymin, value: box.ymax }];
  }
  if (clampBox(box, size)) return [];
  const detail = `lies outside the picture of ${size.width} × ${size.height} pixels`;
  return [{ pointer, detail, limit: [size.width, size.height], value: box }];
}
