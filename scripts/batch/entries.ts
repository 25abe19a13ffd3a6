import { existsSync, readFileSync, statSync } from "node:fs";
import { join, normalize, sep } from "node:path";
import { cutText } from "../../schemas/cut-text.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { type Problem, type ProblemCode, problemDocument } from "../../schemas/problem.ts";

/** One post of the input. */
export interface Entry {
  /** The number of its line in the file, from 1. */
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
  readonly fault: Problem | null;
}

/** Bytes that a line, and its file in a form, take beside their own: the headers of a part and its boundary. */
const FRAME_BYTES = 400;
/** Most characters of a file's name that a message repeats. */
const NAME_LENGTH = 200;
/** Bytes of a body, with room for what is around its parts. */
const BODY_BYTES = LIMITS.bodyBytes - 64 * 1024;

/**
 * The posts of a file of JSON lines, in its order.
 *
 * @param images the folder of the pictures that lines name; null without one
 */
export function readEntries(text: string, images: string | null): Entry[] {
  const lines = [...text.split("\n").entries()].filter(([, line]) => /\S/.test(line));
  return lines.map(([index, line]) => readEntry(line.trim(), index + 1, images));
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
  const entry: Entry = { line, id: null, text, file: null, bytes: Buffer.byteLength(text) + FRAME_BYTES, fault: null };
  const faulty = (pointer: string, detail: string, code: ProblemCode = "invalid_request", id: string | null = null) => {
    const sentence = `${pointer || `Line ${line}`} ${detail}.`;
    return { ...entry, id, fault: problemDocument(code, sentence, { errors: [{ pointer, detail }] }) };
  };
  // The service numbers the lines of a batch, so what is wrong with a whole line is said here.
  const limit = LIMITS.batchLineLength;
  if (text.length > limit) return faulty("", `has ${text.length} UTF-16 code units; at most ${limit}`);
  const fields = parse(text);
  if (fields instanceof Error) return faulty("", `is not valid JSON (${reasonOf(fields)})`, "invalid_json");
  if (typeof fields !== "object" || fields === null || Array.isArray(fields))
    return faulty("", "must be a JSON object");
  const { id: given, image } = fields as { id?: unknown; image?: unknown };
  const id = typeof given === "string" ? given : null;
  if (typeof image !== "string" || /^(https?|data):/i.test(image)) return { ...entry, id };
  const name = JSON.stringify(cutText(image, NAME_LENGTH));
  const refuse = (detail: string) => faulty("/image", detail, "invalid_request", id);
  if (images === null) return refuse(`names the file ${name}, and there is no --images`);
  const path = normalize(image);
  const isInside = !path.startsWith("..") && !path.startsWith(sep);
  const file = join(images, path);
  const isFile = isInside && existsSync(file) && statSync(file).isFile();
  if (!isFile) return refuse(`names ${name}, and there is no such file under --images`);
  const bytes = entry.bytes + statSync(file).size + FRAME_BYTES;
  if (bytes > BODY_BYTES) return refuse(`names ${name}: with it, the post has ${bytes} bytes; at most ${BODY_BYTES}`);
  return { ...entry, id, file, bytes };
}

/** What `JSON.parse` says, without the place inside of the text as a line and a column: the text is one line. */
function reasonOf({ message }: Error): string {
  return message.replace(/ \(line 1 column \d+\)$/, "");
}

/** The value of a JSON text, or the error that says why it is none. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return error;
  }
}
