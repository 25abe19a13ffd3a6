import { idOfPicture } from "../readers/evaluated-file.ts";

/** What Label Studio writes before the name of an uploaded file, as in `1a2b3c4d-71044.jpg`. */
const PREFIX = /^[0-9a-f]{8}-/i;

/**
 * The id of the post whose picture has a name in an exported file, which may have a folder, an address or Label
 * Studio's prefix before it. A name that is known as it stands is no address. Null when none of the posts has it.
 */
export function postOfFileName(fileName: string, posts: ReadonlySet<string>): string | null {
  // `/data/local-files/?d=photos/71044.jpg` is an address, with the path in its query.
  const names = [fileName, afterLast(fileName, /[\\/]/), afterLast(decoded(fileName), /[\\/=]/)].map(idOfPicture);
  return [...names, ...names.map((name) => name.replace(PREFIX, ""))].find((name) => posts.has(name)) ?? null;
}

function afterLast(name: string, separator: RegExp): string {
  return name.split(separator).at(-1) ?? "";
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
