import { idOfPicture } from "../readers/evaluated-file.ts";

/** What Label Studio writes before the name of an uploaded file, as in `1a2b3c4d-71044.jpg`. */
const PREFIX = /^[0-9a-f]{8}-/i;

/**
 * The id of the post whose picture has a name in an exported file, which may have a folder, an address or Label
 * Studio's prefix before it. Null when none of the posts has it.
 */
export function postOfFileName(fileName: string, posts: ReadonlySet<string>): string | null {
  // `/data/local-files/?d=photos/71044.jpg` is an address, with the path in its query.
  const name =
    decoded(fileName)
      .split(/[\\/=]/)
      .at(-1) ?? "";
  const id = idOfPicture(name);
  if (posts.has(id)) return id;
  const rest = id.replace(PREFIX, "");
  return posts.has(rest) ? rest : null;
}

function decoded(name: string): string {
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
