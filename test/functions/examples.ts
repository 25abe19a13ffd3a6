import { readFileSync } from "node:fs";
import sharp from "sharp";
import type { Box } from "../../schemas/primitives.ts";

const FOLDER = new URL("../../examples/", import.meta.url);

interface Post {
  readonly text: string;
  readonly image: string;
  readonly gold: ReadonlyArray<{
    readonly text: string;
    readonly type: "PER" | "LOC" | "ORG" | "OTHER";
    readonly boxes: readonly Box[];
  }>;
}

/** A post of examples/. */
export function postOf(name: string): Post {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), "utf8")) as Post;
}

/** A post's picture as a data URL. */
export function pictureOf(name: string): string {
  return `data:image/any;base64,${readFileSync(new URL(postOf(name).image, FOLDER)).toString("base64")}`;
}

/** The first box that was drawn for a name. Throws when there is none. */
export function goldBox(post: string, name: string): Box {
  const [box] = postOf(post).gold.find(({ text }) => text === name)?.boxes ?? [];
  if (!box) throw new Error(`${post} has no box of ${name}`);
  return box;
}

/** A picture of one colour as a data URL. */
export async function solidPicture(width: number, height: number): Promise<string> {
  const bytes = await sharp({ create: { width, height, channels: 3, background: "#808080" } })
    .png()
    .toBuffer();
  return `data:image/png;base64,${bytes.toString("base64")}`;
}
