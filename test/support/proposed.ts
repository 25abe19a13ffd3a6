import { type ProposalsFile, proposalsOf } from "../../eval/coco/proposals.ts";
import type { PostMasks } from "../../eval/segment/segment-posts.ts";
import type { BoxCorners, EvaluatedPost } from "../../schemas/evaluation.ts";
import type { RleMask } from "../../schemas/primitives.ts";
import { rleBounds } from "../../schemas/rle.ts";
import { entity } from "./evaluated-posts.ts";

/** The gold box of a mask: its bounds. */
export function boundsOf(mask: RleMask): BoxCorners {
  const bounds = rleBounds(mask);
  return bounds ? [bounds.xmin, bounds.ymin, bounds.xmax, bounds.ymax] : [0, 0, 1, 1];
}

/** An entity of a post, and the mask that is proposed for its only box; null for a box without one. */
export interface Drawn {
  readonly text: string;
  readonly type: string;
  readonly mask: RleMask | null;
  readonly box?: BoxCorners;
}

/** The proposals of posts, by the post's id. Masks of a post have one size; the picture of post `7` is `7.jpg`. */
export function proposed(drawings: Readonly<Record<string, readonly Drawn[]>>): ProposalsFile {
  const posts = Object.entries(drawings).map(([id, drawn]): EvaluatedPost => {
    const entities = drawn.map(({ text, type, mask, box = mask && boundsOf(mask) }, index) =>
      entity(type, index, index + 1, [box ?? [0, 0, 1, 1]], { text }),
    );
    return { id, offset_unit: "token", entities };
  });
  const byPost = new Map(
    Object.entries(drawings).map(([id, drawn]): [string, PostMasks] => {
      const results = drawn.map(({ mask }) => (mask ? { mask } : { reason: "no_mask" }));
      const size = drawn.find(({ mask }) => mask)?.mask?.size ?? [10, 10];
      return [id, { id, size, results, failure: null }];
    }),
  );
  return proposalsOf(posts, byPost, (id) => `${id}.jpg`);
}
