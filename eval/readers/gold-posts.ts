import * as z from "zod/mini";
import { EntityType } from "../../schemas/primitives.ts";
import { readJsonLines } from "./json-lines.ts";

/**
 * A post in plain text with its names, as one line of a JSON-lines file (`eval/data/posts.jsonl`). `start` and `end`
 * count UTF-16 code units of `text`, half-open; the name of a handle or hashtag begins after its mark.
 */
const GoldPost = z.object({
  id: z.string(),
  /** What makes the post hard, such as `lines`; scores are given for each kind. */
  kind: z.string(),
  text: z.string(),
  entities: z.array(z.object({ text: z.string(), type: EntityType, start: z.int(), end: z.int() })),
});
export type GoldPost = z.infer<typeof GoldPost>;

/** Read a JSON-lines file of posts. Throws, naming the line, where one is not such a post. */
export function readGoldPosts(jsonLines: string): GoldPost[] {
  return readJsonLines(jsonLines, "not a post with gold entities", (value) => GoldPost.parse(value));
}
