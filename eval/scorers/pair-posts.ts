import type { EvaluatedPost } from "../../schemas/evaluation.ts";
import type { EvaluatedFile } from "../readers/evaluated-file.ts";
import { isRequestId } from "../readers/kinds/answers.ts";
import { inUtf16, respell, rulerOf } from "./offsets.ts";

/** A post with what was predicted for it, its offsets in one unit. */
export interface PostPair {
  readonly gold: EvaluatedPost;
  readonly predicted: EvaluatedPost;
  /** The post's text, to which the offsets belong; null when neither file has it. */
  readonly text: string | null;
}

/** How much of gold the predictions cover. What has no answer counts as an answer without entities. */
export interface Coverage {
  readonly posts: number;
  readonly answered: number;
  /** Posts of which the file says that they failed. */
  readonly failed: readonly string[];
  /** Posts that the predictions do not have. */
  readonly missing: readonly string[];
  /** Predicted posts that gold does not have: their entities count as wrong. */
  readonly not_in_gold: readonly string[];
}

export interface Pairing {
  readonly pairs: readonly PostPair[];
  readonly coverage: Coverage;
  readonly notes: readonly string[];
  /** Why offsets cannot be compared; absent when they can. */
  readonly offsets?: string;
}

/**
 * Brings gold and predictions together by the posts' ids, in the order of gold. Answers whose ids are those of requests
 * are taken in the order of gold.
 *
 * @throws when no prediction is of a post of gold, or a post differs in its tokens
 */
export function pairPosts(gold: EvaluatedFile, predictions: EvaluatedFile): Pairing {
  const { posts, notes } = withPostIds(gold, predictions);
  const predictedById = new Map(
    posts.map((post) => [post.id, post.error === undefined ? post : withoutEntities(post)]),
  );
  const ids = new Set(gold.posts.map(({ id }) => id));
  const others = posts.filter(({ id }) => !ids.has(id));
  if (posts.length > 0 && others.length === posts.length) {
    const some = (list: readonly EvaluatedPost[]) =>
      list
        .slice(0, 3)
        .map(({ id }) => id)
        .join(", ");
    throw new Error(`no predicted post is in gold: predictions have ${some(posts)}, gold has ${some(gold.posts)}`);
  }
  const pairs = [
    ...gold.posts.map((post) => pairOf(post, predictedById.get(post.id) ?? withoutEntities(post), predictions)),
    ...others.map((post) => pairOf(withoutEntities(post), post, predictions)),
  ];
  const failed = gold.posts.filter(({ id }) => predictedById.get(id)?.error !== undefined);
  const missing = gold.posts.filter(({ id }) => !predictedById.has(id));
  const idsOf = (list: readonly EvaluatedPost[]) => list.map(({ id }) => id);
  const offsets = gold.missing.offsets ?? predictions.missing.offsets ?? pairs.find(({ fault }) => fault)?.fault;
  return {
    pairs: pairs.map(({ pair }) => pair),
    coverage: {
      posts: gold.posts.length,
      answered: gold.posts.length - failed.length - missing.length,
      failed: idsOf(failed),
      missing: idsOf(missing),
      not_in_gold: idsOf(others),
    },
    notes: [...gold.notes, ...predictions.notes, ...notes],
    ...(offsets && { offsets }),
  };
}

/** The API names its answers after its requests, unless a batch gave the posts their ids. */
function withPostIds(gold: EvaluatedFile, { posts }: EvaluatedFile): Pick<EvaluatedFile, "posts" | "notes"> {
  if (posts.length === 0 || !posts.every(({ id }) => isRequestId(id))) return { posts, notes: [] };
  if (posts.length !== gold.posts.length) {
    const counts = `${posts.length} answers, ${gold.posts.length} posts`;
    throw new Error(
      `answers have the ids of requests: they must be as many as gold's posts, in their order (${counts})`,
    );
  }
  return {
    posts: posts.map((post, index) => ({ ...post, id: gold.posts[index]?.id ?? post.id })),
    notes: ["the answers have the ids of requests: they were taken in the order of gold"],
  };
}

function pairOf(
  gold: EvaluatedPost,
  predicted: EvaluatedPost,
  { respelled = false }: EvaluatedFile,
): { pair: PostPair; fault: string | null } {
  if (gold.tokens && predicted.tokens && gold.tokens.length !== predicted.tokens.length) {
    const counts = `${gold.tokens.length} and ${predicted.tokens.length}`;
    throw new Error(`post ${gold.id}: gold and prediction have different tokens (${counts})`);
  }
  const ruler = rulerOf(gold) ?? rulerOf(predicted);
  const hasOneUnit = gold.offset_unit === predicted.offset_unit;
  const isEmpty = gold.entities.length === 0 || predicted.entities.length === 0;
  if (!ruler) {
    const units = `${gold.offset_unit} and ${predicted.offset_unit}`;
    const fault = `offsets count ${units}, and no file has the text or the tokens of post ${gold.id}`;
    if (hasOneUnit || isEmpty) return { pair: { gold, predicted, text: null }, fault: null };
    // What is left to compare are the names.
    return { pair: { gold: withoutOffsets(gold), predicted: withoutOffsets(predicted), text: null }, fault };
  }
  const spelled = respelled ? respell(predicted, ruler) : predicted;
  const [first, second] = hasOneUnit ? [gold, spelled] : [inUtf16(gold, ruler), inUtf16(spelled, ruler)];
  return { pair: { gold: first, predicted: second, text: ruler.text }, fault: null };
}

function withoutEntities(post: EvaluatedPost): EvaluatedPost {
  return { ...post, entities: [] };
}

function withoutOffsets(post: EvaluatedPost): EvaluatedPost {
  return { ...post, entities: post.entities.map((entity) => ({ ...entity, start: null, end: null })) };
}
