import * as z from "zod/mini";
import { EntityType } from "../../schemas/primitives.ts";
import { composePicture, type Sources, type VisibleLayer } from "../pictures/compose.ts";
import { PictureFormat, Recipe, Subjects } from "../pictures/recipe.ts";

/** An entity of a composed post. `start` and `end` count UTF-16 code units of the text, half-open. */
const ComposedEntity = z.strictObject({
  text: z.string(),
  type: EntityType,
  start: z.int(),
  end: z.int(),
  /** Ids of the layers that show it; empty when the picture does not. */
  of: z.array(z.string()),
  /** Whether text and picture together say which thing it is; false when a reader could only guess. */
  decided: z.boolean(),
});
export type ComposedEntity = z.infer<typeof ComposedEntity>;

/** A post with a picture that is drawn from a recipe: one line of a JSON-lines file. */
const ComposedPost = z
  .strictObject({
    id: z.string(),
    /** What the post tests, such as `montage`. */
    kind: z.string(),
    text: z.string(),
    format: PictureFormat,
    picture: Recipe,
    entities: z.array(ComposedEntity),
  })
  .check(
    z.superRefine(({ text, picture, entities }, context) => {
      const ids = new Set(picture.layers.map(({ id }) => id));
      for (const [index, { start, end, text: name, of }] of entities.entries()) {
        const refuse = (field: string, message: string) =>
          context.addIssue({ code: "custom", path: ["entities", index, field], message });
        if (text.slice(start, end) !== name)
          refuse("text", `the text has ${JSON.stringify(text.slice(start, end))} there`);
        for (const id of of) if (!ids.has(id)) refuse("of", `no layer has the id ${id}`);
      }
    }),
  );
export type ComposedPost = z.infer<typeof ComposedPost>;

/** A composed post whose picture was drawn. */
export interface DrawnPost {
  readonly post: ComposedPost;
  /** The picture as a data URL. */
  readonly image: string;
  /** The visible part of each layer that shows a subject or a print, from back to front. */
  readonly layers: readonly VisibleLayer[];
}

/** Read JSON lines of composed posts. Throws, naming the line and the field, where one is not such a post. */
export function readComposedPosts(jsonLines: string): ComposedPost[] {
  return jsonLines.split("\n").flatMap((line, index) => {
    if (line.trim() === "") return [];
    const read = ComposedPost.safeParse(parseJson(line));
    if (read.success) return [read.data];
    const [issue] = read.error.issues;
    throw new Error(`line ${index + 1}, ${issue?.path.join(".") || "the post"}: ${issue?.message}`);
  });
}

/** The subjects of `eval/data/subjects.json`. Throws when the text is no such list. */
export function readSubjects(json: string): Subjects {
  return Subjects.parse(JSON.parse(json));
}

/** Draw a post's picture. Throws, naming the post, when it cannot be drawn. */
export async function drawPost(post: ComposedPost, sources: Sources): Promise<DrawnPost> {
  try {
    const { bytes, mediaType, layers } = await composePicture(post.picture, post.format, sources);
    return { post, image: `data:${mediaType};base64,${bytes.toString("base64")}`, layers };
  } catch (error) {
    throw new Error(`${post.id}: ${(error as Error).message}`);
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}
