import type { BoxCorners, EvaluatedPost } from "../../schemas/evaluation.ts";

/** An entity of a training set: one name with one type in one post. */
export interface TrainingEntity {
  readonly postId: string;
  /** The place of its first mention among the post's entities, from 0. */
  readonly index: number;
  readonly name: string;
  readonly type: string;
  /** `[x1, y1, x2, y2]` in pixels of the upright picture, each once; none when the picture does not show it. */
  readonly boxes: readonly BoxCorners[];
}

/** How many entities the picture shows, and how many it does not. */
export interface LabelCounts {
  readonly positive: number;
  readonly negative: number;
}

/**
 * The entities of posts in their order. Entities of a post with one name and one type are one, because their rows would
 * be equal: it has the boxes of all of them.
 */
export function trainingEntities(posts: readonly EvaluatedPost[]): TrainingEntity[] {
  return posts.flatMap(({ id: postId, entities }) => {
    const byLabel = new Map<string, { index: number; name: string; type: string; boxes: Map<string, BoxCorners> }>();
    for (const [index, { text: name, type, boxes }] of entities.entries()) {
      const label = labelOf(name, type);
      const entity = byLabel.get(label) ?? { index, name, type, boxes: new Map() };
      for (const box of boxes) if (!entity.boxes.has(box.join())) entity.boxes.set(box.join(), box);
      byLabel.set(label, entity);
    }
    return [...byLabel.values()].map(({ boxes, ...entity }) => ({ postId, ...entity, boxes: [...boxes.values()] }));
  });
}

/** Counts entities by whether they have a box. */
export function labelCounts(entities: ReadonlyArray<{ readonly boxes: readonly BoxCorners[] }>): LabelCounts {
  const positive = entities.filter(({ boxes }) => boxes.length > 0).length;
  return { positive, negative: entities.length - positive };
}

/** How RiVEG writes an entity: `NAME(TYPE)`. */
export function labelOf(name: string, type: string): string {
  return `${name}(${type})`;
}
