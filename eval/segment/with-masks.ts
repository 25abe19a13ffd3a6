import type { EvaluatedPost } from "../../schemas/evaluation.ts";
import { boxesOf } from "./boxes.ts";
import type { PostMasks } from "./segment-posts.ts";

/**
 * A post with a mask for each box, null where there is none. Masks that it had are replaced.
 *
 * @param masks what became of its boxes; undefined for a post without boxes
 */
export function withMasks(post: EvaluatedPost, masks: PostMasks | undefined): EvaluatedPost {
  const { places } = boxesOf(post);
  const entities = post.entities.map((entity, index) => ({
    text: entity.text,
    type: entity.type,
    start: entity.start,
    end: entity.end,
    boxes: entity.boxes,
    masks: (places[index] ?? []).map((place) => {
      const result = masks?.results[place];
      return result && "mask" in result ? result.mask : null;
    }),
  }));
  const { id, offset_unit, tokens, text, error } = post;
  return {
    id,
    offset_unit,
    ...(tokens && { tokens }),
    ...(text !== undefined && { text }),
    entities,
    ...(error !== undefined && { error }),
  };
}
