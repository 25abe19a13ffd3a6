import type { Box } from "../../schemas/primitives.ts";
import type { AnsweredEntity } from "../readers/answers.ts";
import type { SetPost } from "../readers/example-sets.ts";
import { alwaysNo, type Claim, claimOf, largestFirst } from "./claims.ts";
import { type LinkScore, scoreLinks } from "./link-score.ts";
import { type MaskScore, type PostMasks, scoreMasks } from "./mask-score.ts";
import { type ProbabilityScore, scoreProbability } from "./probability-score.ts";
import { scoreVisibility, type VisibilityScore } from "./visibility-score.ts";

/** One post and what was answered to it. */
export interface AnsweredPost {
  readonly post: SetPost;
  readonly entities: readonly AnsweredEntity[];
  /** Boxes of the people in the picture, for the baseline. */
  readonly people: readonly Box[];
  /** The recorded answer of an older version; null when there is none. */
  readonly before: readonly AnsweredEntity[] | null;
}

export interface SystemScore {
  /** Gold entities with a mention of exactly their span; the type is not compared. */
  readonly found: number;
  /** Entities of the answers that are no gold entity. */
  readonly spurious: number;
  readonly visibility: VisibilityScore;
  readonly probability: ProbabilityScore;
  readonly links: LinkScore;
  /** Null for a baseline, which draws no mask. */
  readonly masks: MaskScore | null;
}

export type System = "ours" | "before" | "always_no" | "largest_first";

/** The scores of one set. `before` is absent unless answers to each of its posts were recorded. */
export interface SetReport {
  readonly posts: number;
  readonly systems: Readonly<Partial<Record<System, SystemScore>>>;
}

/** One post, the entities that a system speaks of, and its claim about each. */
interface ClaimedPost {
  readonly post: SetPost;
  readonly entities: readonly AnsweredEntity[];
  readonly claims: readonly Claim[];
}

/** Score the answers to a set's posts, beside two baselines over the same mentions and beside recorded answers. */
export function scoreExamples(answered: readonly AnsweredPost[]): SetReport {
  const score = (claims: (one: AnsweredPost) => readonly Claim[], drawsMasks: boolean) =>
    scoreSystem(
      answered.map((one) => ({ post: one.post, entities: one.entities, claims: claims(one) })),
      drawsMasks,
    );
  const recorded = answered.flatMap(({ post, before }) => (before ? [claimedPost(post, before)] : []));
  return {
    posts: answered.length,
    systems: {
      ours: score(({ entities }) => entities.map(claimOf), true),
      ...(recorded.length === answered.length && { before: scoreSystem(recorded, true) }),
      always_no: score(({ entities }) => alwaysNo(entities), false),
      largest_first: score(({ entities, people }) => largestFirst(entities, people), false),
    },
  };
}

function claimedPost(post: SetPost, entities: readonly AnsweredEntity[]): ClaimedPost {
  return { post, entities, claims: entities.map(claimOf) };
}

function scoreSystem(claimed: readonly ClaimedPost[], drawsMasks: boolean): SystemScore {
  const matched = claimed.map(matchPost);
  const cases = matched.flatMap((post) => post.cases);
  const spurious = matched.flatMap((post) => post.spurious);
  return {
    found: cases.filter(({ claim }) => claim).length,
    spurious: spurious.length,
    visibility: scoreVisibility(cases, spurious),
    probability: scoreProbability(cases),
    links: scoreLinks(matched),
    masks: drawsMasks ? scoreMasks(matched) : null,
  };
}

/** Find each gold entity among those of the answer: the one that has a mention of exactly its span. */
function matchPost({ post, entities, claims }: ClaimedPost): PostMasks & { readonly spurious: Claim[] } {
  const indices = post.gold.map((gold) =>
    entities.findIndex(({ mentions }) => mentions.some(({ start, end }) => start === gold.start && end === gold.end)),
  );
  return {
    things: post.things,
    cases: post.gold.map((gold, index) => ({ gold, claim: claims[indices[index] ?? -1] ?? null })),
    spurious: claims.filter((_, index) => !indices.includes(index)),
    masks: entities
      .filter(({ visible }) => visible)
      .flatMap(({ regions }) => regions)
      .flatMap(({ box, mask, mask_score: score }) => (mask ? [{ box, mask, score }] : [])),
  };
}
