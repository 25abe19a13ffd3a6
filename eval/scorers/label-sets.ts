import { coarseTypeOf, gmnerTypeOf } from "../../schemas/labels.ts";
import type { EvaluatedFile } from "../readers/evaluated-file.ts";

/** To which types those of a file can be reduced: the 8 coarse ones of Twitter-FMNERG, or the 4 of Twitter-GMNER. */
const REDUCTIONS: Readonly<Record<string, (type: string) => string>> = {
  coarse: (type) => coarseTypeOf(type) ?? type,
  gmner: gmnerTypeOf,
};

/** Reduces the types of a file by the named set. Throws an error that lists the sets when the name is unknown. */
export function withTypes(file: EvaluatedFile, name: string | undefined): EvaluatedFile {
  if (name === undefined) return file;
  const reduce = Object.hasOwn(REDUCTIONS, name) ? REDUCTIONS[name] : undefined;
  if (!reduce) throw new Error(`--types is ${Object.keys(REDUCTIONS).join(" or ")}, not ${name}`);
  const posts = file.posts.map((post) => ({
    ...post,
    entities: post.entities.map((entity) => ({ ...entity, type: reduce(entity.type) })),
  }));
  return { ...file, posts };
}
