import { HTML_ENTITY, htmlCharacter } from "../../schemas/html-entities.ts";
import { idsInFiles } from "../readers/evaluated-file.ts";

/**
 * The form in which a data set's spelling of a name and the API's agree. The API answers a name as a person reads it:
 * without a leading `@` or `#`, without invisible characters, with the characters that HTML entities stand for. Names
 * that differ in case or white space alone are one entity there.
 */
export function foldName(name: string): string {
  const plain = name
    .replace(new RegExp(HTML_ENTITY, "g"), (entity) => htmlCharacter(entity) ?? entity)
    .normalize("NFKC")
    .replace(/\p{Cf}|[\ufe00-\ufe0f]|\s/gu, "");
  return (plain.replace(/^[@#]+(?=.)/su, "") || plain).toUpperCase().toLowerCase();
}

/** The name that the picture of a post has in a data set. */
export function pictureNameOf(postId: string): string {
  return `${idsInFiles(postId).at(-1)}.jpg`;
}
