import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { Box, EntityType } from "../../schemas/primitives.ts";

/** A post of `examples/` and what a person sees in it (examples/README.md). */
const Post = z.object({
  text: z.string(),
  image: z.string(),
  gold: z.array(
    z.object({
      text: z.string(),
      type: EntityType,
      start: z.int(),
      end: z.int(),
      boxes: z.array(Box),
      mask: z.optional(z.string()),
    }),
  ),
});
export type Post = z.infer<typeof Post> & { readonly name: string };

const Mask = z.object({
  size: z.tuple([z.int(), z.int()]),
  polygons: z.array(z.array(z.tuple([z.number(), z.number()]))),
});
export type GoldMask = z.infer<typeof Mask>;

const MEDIA_TYPES: Readonly<Record<string, string>> = { jpg: "image/jpeg", png: "image/png", webp: "image/webp" };

/** Every post of a folder, by name. Throws when there is none, or one cannot be read. */
export async function readPosts(folder: string): Promise<Post[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).toSorted();
  if (files.length === 0) throw new Error(`${folder} has no posts`);
  return Promise.all(
    files.map(async (file) => {
      return {
        ...Post.parse(JSON.parse(await readFile(join(folder, file), "utf8"))),
        name: file.replace(/\.json$/, ""),
      };
    }),
  );
}

/** A post's picture as a data URL. */
export async function readPicture(folder: string, post: Post): Promise<string> {
  const type = MEDIA_TYPES[post.image.split(".").at(-1) ?? ""] ?? "application/octet-stream";
  return `data:${type};base64,${(await readFile(join(folder, post.image))).toString("base64")}`;
}

export async function readMask(folder: string, path: string): Promise<GoldMask> {
  return Mask.parse(JSON.parse(await readFile(join(folder, path), "utf8")));
}
