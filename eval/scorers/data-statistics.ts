import type { EvaluatedFile } from "../readers/evaluated-file.ts";

/** What a data set's file has. */
export interface DataStatistics {
  readonly kind: string;
  readonly posts: number;
  readonly posts_without_entity: number;
  readonly entities: number;
  readonly by_type: Readonly<Record<string, number>>;
  /** Entities with at least one box or mask; null where the file has neither. */
  readonly groundable: number | null;
  readonly groundable_by_type: Readonly<Record<string, number>> | null;
  /** The boxes of all entities: two entities with one name count its boxes twice. */
  readonly boxes: number | null;
  /** How many entities have 0, 1, 2, 3, 4, and 5 or more boxes. */
  readonly entities_by_boxes: Readonly<Record<string, number>> | null;
  /** What else was counted in the files beside it. */
  readonly files: Readonly<Record<string, number>>;
}

/** From here on, entities with that many boxes or more are counted together. */
const MOST_BOXES = 5;

export function statisticsOf({ kind, posts, missing, counts = {} }: EvaluatedFile): DataStatistics {
  const entities = posts.flatMap((post) => post.entities);
  const regions = entities.map(({ type, boxes, masks }) => ({ type, count: Math.max(boxes.length, masks.length) }));
  const groundable = regions.filter(({ count }) => count > 0);
  const known = missing.regions === undefined;
  const buckets = Object.fromEntries(
    Array.from({ length: MOST_BOXES + 1 }, (_, boxes) => {
      const inside = regions.filter(({ count }) => Math.min(count, MOST_BOXES) === boxes);
      return [boxes === MOST_BOXES ? `${boxes}+` : `${boxes}`, inside.length];
    }),
  );
  return {
    kind,
    posts: posts.length,
    posts_without_entity: posts.filter((post) => post.entities.length === 0).length,
    entities: entities.length,
    by_type: countByType(entities),
    groundable: known ? groundable.length : null,
    groundable_by_type: known ? countByType(groundable) : null,
    boxes: known ? regions.reduce((sum, { count }) => sum + count, 0) : null,
    entities_by_boxes: known ? buckets : null,
    files: counts,
  };
}

/** The most frequent type first. */
function countByType(entities: ReadonlyArray<{ type: string }>): Record<string, number> {
  const counts = new Map<string, number>();
  for (const { type } of entities) counts.set(type, (counts.get(type) ?? 0) + 1);
  return Object.fromEntries([...counts].toSorted(([a, m], [b, n]) => n - m || (a < b ? -1 : 1)));
}
