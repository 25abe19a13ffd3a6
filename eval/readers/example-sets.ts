import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import type { Box, EntityType, RleMask } from "../../schemas/primitives.ts";
import type { VisibleLayer } from "../pictures/compose.ts";
import { type ComposedPost, type DrawnPost, drawPost, readComposedPosts, readSubjects } from "./composed-posts.ts";
import { type Post, readMasks, readPicture, readPosts } from "./posts.ts";

/** The sets of posts with pictures: photos of `examples/`, and the two halves of the composed set. */
export const SET_NAMES = ["photos", "open", "blind"] as const;
export type SetName = (typeof SET_NAMES)[number];

/** Something that a post's picture shows and that a name may be about. */
export interface Thing {
  /** What it is; null where that was not written down. */
  readonly kind: EntityType | "print" | null;
  readonly box: Box;
  /** Its visible pixels; null when they are not known. */
  readonly mask: RleMask | null;
  /** The name under which its mask is listed in the report; null when it is not listed. */
  readonly maskName: string | null;
  /** Whether it shared pixels with another subject before the one in front hid them. */
  readonly overlaps: boolean;
  /** Whether it is a candidate for a name: a line of print that no entity is about is none. */
  readonly isCandidate: boolean;
}

export interface GoldEntity {
  /** UTF-16 code units of the text, half-open. */
  readonly start: number;
  readonly end: number;
  /** The things that show it; none when the picture does not. */
  readonly things: readonly Thing[];
  /** Whether text and picture together say which thing it is; null where that was not written down. */
  readonly isDecided: boolean | null;
}

/** A post of any set and its gold. */
export interface SetPost {
  readonly id: string;
  readonly text: string;
  /** The picture as a data URL. */
  readonly image: string;
  readonly things: readonly Thing[];
  readonly gold: readonly GoldEntity[];
}

const pathOf = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const FOLDER = pathOf("examples");
const DATA = pathOf("eval/data");

/** The posts of a set; null when its file is not there. Throws when a post cannot be read or drawn. */
export async function readSet(name: SetName): Promise<SetPost[] | null> {
  if (name === "photos") return readPhotos();
  const file = `${DATA}/${name === "open" ? "pictures" : "pictures-blind"}.jsonl`;
  if (!existsSync(file)) return null;
  const subjects = readSubjects(await readFile(`${DATA}/subjects.json`, "utf8"));
  const posts: SetPost[] = [];
  for (const post of readComposedPosts(await readFile(file, "utf8")))
    posts.push(setPostOf(await drawPost(post, { folder: FOLDER, subjects })));
  return posts;
}

async function readPhotos(): Promise<SetPost[]> {
  const posts = await readPosts(FOLDER);
  const masks = await readMasks(FOLDER, posts);
  return Promise.all(
    posts.map(async (post) => {
      const gold = post.gold.map((entity) => photoEntity(entity, masks));
      const things = gold.flatMap((entity) => entity.things);
      return { id: post.name, text: post.text, image: await readPicture(FOLDER, post), things, gold };
    }),
  );
}

function photoEntity(entity: Post["gold"][number], masks: ReadonlyMap<string, RleMask>): GoldEntity {
  const maskName = entity.mask ?? null;
  const mask = (maskName && masks.get(maskName)) || null;
  const things = entity.boxes.map((box) => {
    return { kind: null, box, mask, maskName, overlaps: false, isCandidate: true };
  });
  return { start: entity.start, end: entity.end, things, isDecided: null };
}

/** A drawn post and its gold. Throws when the gold names a layer of which nothing can be seen. */
export function setPostOf({ post, image, layers }: DrawnPost): SetPost {
  const things = new Map<VisibleLayer, Thing>();
  for (const layer of layers) {
    const { kind, box, mask, overlaps, id } = layer;
    const isCandidate = kind !== "print" || id !== null;
    if (box) things.set(layer, { kind, box, mask, maskName: null, overlaps, isCandidate });
  }
  const thingOf = (id: string) => {
    const thing = [...things].find(([layer]) => layer.id === id)?.[1];
    if (!thing) throw new Error(`${post.id}: nothing of ${id} can be seen`);
    return thing;
  };
  const gold = post.entities.map(({ start, end, of, decided }: ComposedPost["entities"][number]) => {
    return { start, end, things: of.map(thingOf), isDecided: decided };
  });
  return { id: post.id, text: post.text, image, things: [...things.values()], gold };
}
