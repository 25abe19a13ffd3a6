import type { Mention } from "../../schemas/stages/mner.ts";
import type { GoldPost } from "../readers/gold-posts.ts";
import { type Scores, scoreSpans } from "./seqeval.ts";

/** The scores of all posts, of each type and of each kind of post, in percent. */
export interface GoldPostsReport extends Scores {
  readonly by_type: Readonly<Record<string, Scores>>;
  readonly posts: number;
  readonly by_kind: Readonly<Record<string, Scores & { readonly posts: number }>>;
}

/**
 * Scores mentions of posts: one is right when its span and its type are those of a gold entity.
 *
 * @param found the mentions of each post, in the order of `posts`
 */
export function scorePosts(
  posts: readonly GoldPost[],
  found: readonly (readonly Pick<Mention, "start" | "end" | "type">[])[],
): GoldPostsReport {
  const indexes = posts.map((_, index) => index);
  const score = (chosen: readonly number[]) => ({
    ...scoreSpans(
      chosen.map((index) => [...(posts[index]?.entities ?? [])]),
      chosen.map((index) => [...(found[index] ?? [])]),
    ),
    posts: chosen.length,
  });
  const kinds = [...new Set(posts.map(({ kind }) => kind))];
  return {
    ...score(indexes),
    by_kind: Object.fromEntries(
      kinds.map((kind) => {
        const { by_type: _, ...scores } = score(indexes.filter((index) => posts[index]?.kind === kind));
        return [kind, scores];
      }),
    ),
  };
}
