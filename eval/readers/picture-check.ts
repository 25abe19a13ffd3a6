import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import sharp from "sharp";
import { idOfPicture, ofPost } from "./evaluated-file.ts";

/** Which posts have no picture that shows what it should. */
export interface PictureReport {
  readonly posts: number;
  /** Posts without a file. */
  readonly missing: readonly string[];
  /** Posts whose file is no picture or is cut off. */
  readonly broken: readonly string[];
  /**
   * Posts whose file is the same, byte by byte: a placeholder such as "image not found", or one picture posted again.
   */
  readonly repeated: readonly (readonly string[])[];
}

/** Pictures that are read at a time. */
const CONCURRENCY = 8;

/**
 * The pictures of a folder by the id of their post, which is the file's name without its ending. Throws when the folder
 * cannot be read, or has two pictures of a post: nothing says which of them the post has.
 */
export async function picturesOf(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => !entry.isDirectory()).map(({ name }) => name);
  const files = new Map<string, string>();
  for (const name of names.filter((one) => /\.(?:jpe?g|png)$/i.test(one)).toSorted()) {
    const id = idOfPicture(name);
    const before = files.get(id);
    if (before !== undefined)
      throw new Error(`${folder} has two pictures of post ${id}, ${basename(before)} and ${name}: keep one of them`);
    files.set(id, join(folder, name));
  }
  return files;
}

/** Finds posts with no picture, a broken one, or that of another post. Throws when the folder cannot be read. */
export async function checkPictures(folder: string, ids: readonly string[]): Promise<PictureReport> {
  const files = await picturesOf(folder);
  const byDigest = new Map<string, string[]>();
  const broken: string[] = [];
  const waiting = ids.flatMap((id) => {
    const file = ofPost(files, id);
    return file === undefined ? [] : [{ id, file }];
  });
  const check = async () => {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const bytes = await readFile(next.file);
      const digest = createHash("sha256").update(bytes).digest("hex");
      byDigest.set(digest, [...(byDigest.get(digest) ?? []), next.id]);
      if (!(await isWhole(bytes))) broken.push(next.id);
    }
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, check));
  return {
    posts: ids.length,
    missing: ids.filter((id) => ofPost(files, id) === undefined),
    broken: broken.toSorted(),
    repeated: [...byDigest.values()]
      .filter((same) => same.length > 1)
      .map((same) => same.toSorted())
      .toSorted((a, b) => b.length - a.length || ((a[0] ?? "") < (b[0] ?? "") ? -1 : 1)),
  };
}

/** Whether a picture can be decoded to its end. A small copy is enough, for which every byte is read. */
export async function isWhole(bytes: Buffer): Promise<boolean> {
  try {
    await sharp(bytes, { failOn: "truncated" }).resize(8, 8, { fit: "fill" }).raw().toBuffer();
    return true;
  } catch {
    return false;
  }
}
