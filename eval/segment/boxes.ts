import type { BoxCorners, EvaluatedPost } from "../../schemas/evaluation.ts";
import { clampBox } from "../../schemas/geometry.ts";
import type { Box, Size } from "../../schemas/primitives.ts";

/** A box of a post, and the type of the entity in it. */
export interface AskedBox {
  readonly box: BoxCorners;
  readonly type: string;
}

/** The boxes of a post without those that say the same. */
export interface PostBoxes {
  /** In the order of the post. No two have the same box and the same type. */
  readonly asked: readonly AskedBox[];
  /** For each entity, for each of its boxes, the index of what is asked for it. */
  readonly places: readonly (readonly number[])[];
}

/**
 * The boxes of a post. Entities that share a box and a type share its mask. Two types of one box are two questions,
 * because some models use the type.
 */
export function boxesOf({ entities }: Pick<EvaluatedPost, "entities">): PostBoxes {
  const asked: AskedBox[] = [];
  const known = new Map<string, number>();
  const places = entities.map(({ boxes, type }) =>
    boxes.map((box) => {
      const key = JSON.stringify([box, type]);
      const index = known.get(key) ?? asked.length;
      if (index === asked.length) asked.push({ box, type });
      known.set(key, index);
      return index;
    }),
  );
  return { asked, places };
}

/** Whether there is anything to segment in a post's picture. */
export function hasBoxes({ entities }: Pick<EvaluatedPost, "entities">): boolean {
  return entities.some(({ boxes }) => boxes.length > 0);
}

/**
 * Throws when no post has a box: then there is nothing to ask.
 *
 * @param why the file has none (`Missing.regions`), where that is known
 */
export function refuseBoxless(posts: readonly EvaluatedPost[], file: string, why?: string): void {
  if (!posts.some(hasBoxes)) throw new Error(`${file} has no boxes: ${why ?? "no entity of it has one"}`);
}

/** A picture of at most so many pixels a side can hold a box whose edges are all from 0 to 1. */
const TINY_SIDE = 4;

/**
 * The part of a box inside the picture, as `POST /v1/segment` takes it, or why there is nothing to segment: the box is
 * empty, it lies outside the picture, or all its edges are from 0 to 1, which are fractions and no pixels.
 */
export function boxInPicture(box: BoxCorners, size: Size): Box | "empty_box" | "outside_picture" | "box_in_fractions" {
  const [xmin, ymin, xmax, ymax] = box;
  if (!(xmax > xmin && ymax > ymin)) return "empty_box";
  const clamped = clampBox({ xmin, ymin, xmax, ymax }, size);
  if (!clamped) return "outside_picture";
  const isFraction = Math.max(size.width, size.height) > TINY_SIDE && clamped.xmax <= 1 && clamped.ymax <= 1;
  return isFraction ? "box_in_fractions" : clamped;
}
