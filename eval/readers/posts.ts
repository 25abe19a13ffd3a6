import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import * as z from "zod/mini";
import { rleOfPolygons } from "../../schemas/polygon.ts";
import { Box, EntityType, type RleMask } from "../../schemas/primitives.ts";

/** A post of `examples/` and what a person sees in it (examples/README.md). */
const PostFile = z.object({
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
export type Post = z.infer<typeof PostFile> & { readonly name: string };

/** A mask drawn by hand: polygons without holes, each a list of corners `[x, y]` in pixels of the upright picture. */
const MaskFile = z.object({
  size: z.tuple([z.int(), z.int()]),
  polygons: z.array(z.array(z.tuple([z.number(), z.number()]))),
});

const MEDIA_TYPES: Readonly<Record<string, string>> = { jpg: "image/jpeg", png: "image/png", webp: "image/webp" };

/** Every post of a folder, by name. Throws when the folder has no post, or one cannot be read. */
export async function readPosts(folder: string): Promise<Post[]> {
  const files = (await readdir(folder)).filter((file) => file.endsWith(".json")).toSorted();
  if (files.length === 0) throw new Error(`${folder} has no posts`);
  return Promise.all(
    files.map(async (file) => {
      const post = PostFile.parse(await readJson(folder, file));
      return { ...post, name: file.replace(/\.json$/, "") };
    }),
  );
}

/** A post's picture as a data URL. */
export async function readPicture(folder: string, post: Post): Promise<string> {
  const type = MEDIA_TYPES[post.image.split(".").at(-1) ?? ""] ?? "application/octet-stream";
  return `data:${type};base64,${(await readFile(join(folder, post.image))).toString("base64")}`;
}

/** The masks that the gold of posts names, by their paths. */
export async function readMasks(folder: string, posts: readonly Post[]): Promise<Map<string, RleMask>> {
  const paths = new Set(posts.flatMap(({ gold }) => gold.flatMap(({ mask }) => mask ?? [])));
  return new Map(await Promise.all([...paths].map(async (path) => [path, await readMask(folder, path)] as const)));
}

/** A mask's polygons as they were drawn, `size` being `[height, width]` of the picture. */
export async function readPolygons(folder: string, path: string): Promise<z.infer<typeof MaskFile>> {
  return MaskFile.parse(await readJson(folder, path));
}

async function readMask(folder: string, path: string): Promise<RleMask> {
  const { size, polygons } = await readPolygons(folder, path);
  return rleOfPolygons({ size, polygons: polygons.map((outer) => [outer.flat()]) });
}

async function readJson(folder: string, file: string): Promise<unknown> {
  return JSON.parse(await readFile(join(folder, file), "utf8"));
}
