import { EvaluatedPost } from "../../../schemas/evaluation.ts";
import { checked } from "../checked.ts";
import { boxesAround, type Kind, type Missing, typeNamed } from "../evaluated-file.ts";
import { readJsonLines } from "../json-lines.ts";
import { firstObject } from "../recognize-json.ts";

/** The format of `schemas/evaluation.ts`: one post a line. */
export const POST_LINES: Kind = {
  name: "posts",
  form: 'JSON lines {"id", "offset_unit", "entities": [{"text", "type", "start", "end", "boxes", "masks"}]}',
  recognizes: (text) => {
    const first = firstObject(text);
    return first !== null && "id" in first && Array.isArray(first.entities) && !("offset_encoding" in first);
  },
  read: async (text, { role }) => {
    const posts = readJsonLines(text, "not a post (docs/evaluation.md)", (value) => {
      const post = checked(EvaluatedPost, value, "the post");
      const entities = post.entities.map((entity) => ({
        ...entity,
        type: typeNamed(entity.type),
        boxes: entity.boxes.length > 0 ? entity.boxes : boxesAround(entity.masks),
      }));
      return { ...post, entities };
    });
    refuseRepeated(posts);
    return { kind: "posts", posts, notes: [], missing: missingOf(posts, role) };
  },
};

function missingOf(posts: readonly EvaluatedPost[], role: string): Missing {
  const place = posts.find(({ entities }) => entities.some(({ start }) => start === null));
  return place ? { offsets: `${role}: an entity of post ${place.id} has no start and end` } : {};
}

/** Throws an error that names the id when a file has two posts of one id: only one of them could be scored. */
export function refuseRepeated(posts: readonly EvaluatedPost[]): void {
  const seen = new Set<string>();
  for (const { id } of posts) {
    if (seen.has(id)) throw new Error(`the id ${id} occurs twice`);
    seen.add(id);
  }
}
