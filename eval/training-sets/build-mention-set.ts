import { type EvaluatedFile, ofPost } from "../readers/evaluated-file.ts";
import { conllLines, mentionRows } from "./mention-rows.ts";
import { writeWholeFiles } from "./whole-files.ts";

/** What a training set for mention recognition is made of, and where it goes. */
export interface MentionSetRequest {
  readonly gold: EvaluatedFile;
  /** What each language model knows, by the post's id. */
  readonly knowledge: ReadonlyArray<ReadonlyMap<string, string>>;
  /** Whether a post of which nothing is known is written without knowledge; else it is an error. */
  readonly allowsPlain: boolean;
  /** The file of JSON lines. */
  readonly out: string;
  /** The file in CoNLL form; null without. */
  readonly conll: string | null;
}

/** What `--json` prints of a training set for mention recognition. Ids are those of posts. */
export interface MentionSetReport {
  readonly task: "mner";
  readonly gold: { readonly kind: string; readonly posts: number; readonly entities: number };
  /** How many posts have so many copies with knowledge; 0 stands for one copy without. */
  readonly posts_by_knowledge: Readonly<Record<string, number>>;
  readonly rows: number;
  /** Posts that were left out: they have no token, or gold has an error in place of their entities. */
  readonly left_out: { readonly empty: readonly string[]; readonly failed: readonly string[] };
  readonly notes: readonly string[];
}

/**
 * Writes a training set for mention recognition: JSON lines, and a CoNLL file where one is asked for. Throws, and
 * writes nothing, when a post has no tokens, or nothing is known of it and the request does not allow that.
 */
export async function buildMentionSet(request: MentionSetRequest): Promise<MentionSetReport> {
  const { gold, knowledge, out, conll } = request;
  if (gold.missing.offsets !== undefined) throw new Error(`mner needs offsets: ${gold.missing.offsets}`);
  const [failed, answered] = split(gold.posts, ({ error }) => error !== undefined);
  const [empty, used] = split(answered, ({ tokens }) => tokens?.length === 0);
  // Two models may write the same about a post: it would be one example twice.
  const posts = used.map((post) => {
    return { post, texts: [...new Set(knowledge.flatMap((texts) => ofPost(texts, post.id) ?? []))] };
  });
  const plain = posts.filter(({ texts }) => texts.length === 0);
  if (plain[0] && knowledge.length > 0 && !request.allowsPlain) {
    throw new Error(
      `nothing is known of ${plain.length} of ${posts.length} posts; the first is ${plain[0].post.id}. ` +
        "--without-knowledge plain writes them once, without knowledge",
    );
  }
  let rows = 0;
  const byKnowledge: Record<string, number> = {};
  await writeWholeFiles(conll === null ? [out] : [out, conll], async ([json, table]) => {
    for (const { post, texts } of posts) {
      byKnowledge[texts.length] = (byKnowledge[texts.length] ?? 0) + 1;
      for (const row of mentionRows(post, texts)) {
        rows++;
        await json?.(`${JSON.stringify(row)}\n`);
        await table?.(conllLines(row));
      }
    }
  });
  const entities = gold.posts.reduce((sum, post) => sum + post.entities.length, 0);
  return {
    task: "mner",
    gold: { kind: gold.kind, posts: gold.posts.length, entities },
    posts_by_knowledge: byKnowledge,
    rows,
    left_out: { empty: empty.map(({ id }) => id), failed: failed.map(({ id }) => id) },
    notes: gold.notes,
  };
}

/** The items for which a condition is true, and those for which it is false. */
function split<Item>(items: readonly Item[], condition: (item: Item) => boolean): [Item[], Item[]] {
  return [items.filter(condition), items.filter((item) => !condition(item))];
}
