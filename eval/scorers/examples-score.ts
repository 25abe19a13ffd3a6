import { rleOf } from "../../schemas/polygon.ts";
import type { Box, RleMask } from "../../schemas/primitives.ts";
import type { Entity } from "../../schemas/recognize.ts";
import { rleIou } from "../../schemas/rle.ts";
import type { Post } from "../readers/posts.ts";
import { type Case, type Claim, scoreVisibility, type VisibilityScore } from "./visibility-score.ts";

/** What is scored of an entity in the Worker's answer. */
export type ScoredEntity = Pick<Entity, "mentions" | "visible" | "regions">;

/** One post, what the Worker answered, and the box of the largest person for the baseline. */
export interface AnsweredPost {
  readonly post: Post;
  readonly entities: readonly ScoredEntity[];
  readonly person: Box | null;
}

/** How well our masks agree with one gold mask. */
export interface MaskScore {
  readonly mask: string;
  /** Mean over the posts that led to a mask; null when none did. */
  readonly iou: number | null;
  /** Posts that show the subject. */
  readonly posts: number;
  /** Of `posts`, those that led to a mask. */
  readonly answered: number;
}

/** What `npm run eval -- examples --json` prints. */
export interface ExamplesReport {
  readonly posts: number;
  /** Gold entities with a mention of exactly their span; the type is not compared. */
  readonly found: number;
  /** Entities of the answers that are no gold entity. */
  readonly spurious: number;
  readonly systems: Readonly<Record<System, VisibilityScore>>;
  readonly masks: readonly MaskScore[];
}

type System = "ours" | "always_no" | "always_largest_person";
type Gold = Post["gold"][number];

/** What each system says of an entity of our answer: all three are scored over the same mentions. */
const CLAIMS: Readonly<Record<System, (entity: ScoredEntity, person: Box | null) => Claim>> = {
  ours: ({ visible, regions }) => ({ visible: visible === true, box: regions[0]?.box ?? null }),
  always_no: () => ({ visible: false, box: null }),
  always_largest_person: (_entity, person) => ({ visible: person !== null, box: person }),
};

/**
 * Score the answers to posts against their gold, beside two baselines over the same mentions.
 * @param goldMasks by the path that a gold entity names. Throws where one is missing.
 */
export function scoreExamples(
  answered: readonly AnsweredPost[],
  goldMasks: ReadonlyMap<string, RleMask>,
): ExamplesReport {
  const matched = answered.map(({ post, entities, person }) => {
    const pairs = post.gold.map((gold) => ({ gold, entity: findEntity(entities, gold) }));
    return { person, pairs, spurious: entities.filter((entity) => !pairs.some((pair) => pair.entity === entity)) };
  });
  const scoreSystem = (system: System) => {
    const claim = CLAIMS[system];
    const cases = matched.flatMap(({ pairs, person }) =>
      pairs.map(({ gold, entity }): Case => ({ gold: gold.boxes, claim: entity && claim(entity, person) })),
    );
    const claimsOfSpurious = matched.flatMap(({ spurious, person }) => spurious.map((entity) => claim(entity, person)));
    return scoreVisibility(cases, claimsOfSpurious);
  };
  const pairs = matched.flatMap((post) => post.pairs);
  return {
    posts: answered.length,
    found: pairs.filter(({ entity }) => entity).length,
    spurious: matched.flatMap(({ spurious }) => spurious).length,
    systems: {
      ours: scoreSystem("ours"),
      always_no: scoreSystem("always_no"),
      always_largest_person: scoreSystem("always_largest_person"),
    },
    masks: [...goldMasks.keys()].toSorted().map((path) => scoreMask(path, goldMasks, pairs)),
  };
}

/** The entity that has a mention of exactly the gold span. */
function findEntity(entities: readonly ScoredEntity[], gold: Gold): ScoredEntity | null {
  const isGold = ({ start, end }: ScoredEntity["mentions"][number]) => start === gold.start && end === gold.end;
  return entities.find(({ mentions }) => mentions.some(isGold)) ?? null;
}

/** The IoU of a gold mask with the mask of our first region, over the posts that show its subject. */
function scoreMask(
  path: string,
  goldMasks: ReadonlyMap<string, RleMask>,
  pairs: ReadonlyArray<{ gold: Gold; entity: ScoredEntity | null }>,
): MaskScore {
  const goldMask = goldMasks.get(path);
  if (!goldMask) throw new Error(`${path} was not read`);
  const posts = pairs.filter(({ gold }) => gold.mask === path);
  const ious = posts.flatMap(({ entity }) => {
    const mask = entity?.visible ? entity.regions[0]?.mask : null;
    return mask ? [rleIou(rleOf(mask), goldMask)] : [];
  });
  const iou = ious.length > 0 ? ious.reduce((sum, value) => sum + value, 0) / ious.length : null;
  return { mask: path, iou, posts: posts.length, answered: ious.length };
}
