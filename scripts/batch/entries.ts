import { existsSync, readFileSync, statSync } from "node:fs";
import { join, normalize, sep } from "node:path";
import { LIMITS } from "../../schemas/limits.ts";

/** One post of the input. */
export interface Entry {
  /** The number of its line, from 1. Empty lines do not count. */
  readonly line: number;
  /** Its `id`; null without one. */
  readonly id: string | null;
  /** Its JSON as it was written. */
  readonly text: string;
  /** The path of its picture; null where it has none, or one at an address. */
  readonly file: string | null;
  /** Bytes of its line and its picture. */
  readonly bytes: number;
  /** Why it cannot be sent; null where it can. */
  readonly fault: string | null;
}

/** Bytes that a line, and its file in a form, take beside their own: the headers of a part and its boundary. */
const FRAME_BYTES = 400;
/** Bytes of a body, with room for what is around its parts. */
const BODY_BYTES = LIMITS.bodyBytes - 64 * 1024;

/**
 * The posts of a file of JSON lines, in its order.
 *
 * @param images the folder of the pictures that lines name; null without one
 */
export function readEntries(text: string, images: string | null): Entry[] {
  const lines = text.split("\n").filter((line) => /\S/.test(line));
  return lines.map((line, index) => readEntry(line.trim(), index + 1, images));
}

/** Posts in groups that one request can have: at most so many, and so many bytes. */
export function splitEntries(
  entries: readonly Entry[],
  mostBytes: number = BODY_BYTES,
  mostPosts: number = LIMITS.batchPosts,
): Entry[][] {
  const groups: Entry[][] = [];
  let bytes = 0;
  for (const entry of entries) {
    const group = groups.at(-1);
    if (!group || group.length >= mostPosts || bytes + entry.bytes > mostBytes) {
      groups.push([entry]);
      bytes = entry.bytes;
    } else {
      group.push(entry);
      bytes += entry.bytes;
    }
  }
  return groups;
}

/** The body of a batch, and its Content-Type: JSON lines, or a form where a post has a file. */
export function bodyOf(entries: readonly Entry[]): { readonly body: string | FormData; readonly type: string | null } {
  const names = new Map<string, string>();
  const lines = entries.map(({ text, file }) => {
    if (file === null) return text;
    const name = names.get(file) ?? `file-${names.size + 1}`;
    names.set(file, name);
    return JSON.stringify({ ...JSON.parse(text), image: name });
  });
  const posts = `${lines.join("\n")}\n`;
  if (names.size === 0) return { body: posts, type: "application/x-ndjson" };
  const body = new FormData();
  body.set("posts", posts);
  for (const [file, name] of names) body.set(name, new Blob([readFileSync(file)]), name);
  return { body, type: null };
}

function readEntry(text: string, line: number, images: string | null): Entry {
  const { id, image } = namesIn(text);
  const entry = { line, id, text, file: null, bytes: Buffer.byteLength(text) + FRAME_BYTES, fault: null };
  if (image === null || /^(https?|data):/i.test(image)) return fitting(entry);
  if (images === null) return { ...entry, fault: "/image names a file, and there is no --images" };
  const path = normalize(image);
  const isInside = !path.startsWith("..") && !path.startsWith(sep);
  const file = join(images, path);
  if (!isInside || !existsSync(file)) return { ...entry, fault: "/image names no file under --images" };
  return fitting({ ...entry, file, bytes: entry.bytes + statSync(file).size + FRAME_BYTES });
}

function fitting(entry: Entry): Entry {
  return entry.bytes <= BODY_BYTES ? entry : { ...entry, fault: `has ${entry.bytes} bytes; at most ${BODY_BYTES}` };
}

/** The id and the picture of a post. Null where it has none, or is no JSON: the service says what is wrong with it. */
function namesIn(text: string): { readonly id: string | null; readonly image: string | null } {
  try {
    const { id, image } = JSON.parse(text) as { id?: unknown; image?: unknown };
    return { id: typeof id === "string" ? id : null, image: typeof image === "string" ? image : null };
  } catch {
    return { id: null, image: null };
  }
}
