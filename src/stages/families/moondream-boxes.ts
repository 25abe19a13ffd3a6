import * as z from "zod/mini";
import { clampBox, scaleBox } from "../../../schemas/geometry.ts";
import { LIMITS } from "../../../schemas/limits.ts";
import { type Box, listOf, type Size } from "../../../schemas/primitives.ts";
import type { GroundedRegion } from "../../../schemas/stages/grounding.ts";
import { StageError } from "../model.ts";
import { CONVENTIONS, countsAs } from "../replies/coordinates.ts";
import { readShape } from "../replies/read-shape.ts";

/** A box as every host of Moondream writes it: shares of the picture's sides. */
export const MoondreamBox = z.object({ x_min: z.number(), y_min: z.number(), x_max: z.number(), y_max: z.number() });

const Output = z.object({ objects: listOf(MoondreamBox, LIMITS.entityRegions) });

/** 86 % of the entities with several boxes have at most four (docs/reference/method.md, "Data"). */
export const MAXIMUM_OBJECTS = 20;

/**
 * How far outside the picture a box may reach, as a share of its sides. The model computes corners from a rounded
 * centre and size and does not clamp them (vikhyat/moondream, `_generate_points`). A box further outside is in other
 * units.
 */
const SLACK = 0.05;

/** A box in pixels, not clamped to the picture. Throws a `StageError` for one in other units than shares. */
export function moondreamBox({ x_min, y_min, x_max, y_max }: z.infer<typeof MoondreamBox>, size: Size): Box {
  if (!countsAs([x_min, y_min, x_max, y_max], CONVENTIONS.moondream, size, SLACK))
    throw new StageError("invalid_output", "answered with boxes that are not shares of the picture");
  return scaleBox({ xmin: x_min, ymin: y_min, xmax: x_max, ymax: y_max }, size.width, size.height);
}

/** The regions of an answer of `detect`, in pixels. Throws a `StageError`. */
export function readMoondreamBoxes(output: unknown, size: Size): GroundedRegion[] {
  return readShape(Output, output).objects.flatMap((object) => {
    const box = clampBox(moondreamBox(object, size), size);
    return box ? [{ box, score: null, method: "moondream-detect" }] : [];
  });
}
