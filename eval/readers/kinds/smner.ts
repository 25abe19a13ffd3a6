import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import type { EvaluatedPost } from "../../../schemas/evaluation.ts";
import { boxesAround, idsInFiles, type Kind } from "../evaluated-file.ts";
import { MASK_FIELDS, type MaskFields, type NamedMask, readMaskFile } from "../mask-file.ts";
import { readText } from "../text-file.ts";
import { postsOf } from "./conll.ts";

/** Twitter-SMNER: the text of Twitter-GMNER, and one JSON file a picture that has the masks, linked by name. */
export const SMNER: Kind = {
  name: "smner",
  form: "Twitter-GMNER's text, with the folder of one JSON file a picture by --masks DIR",
  recognizes: (_text, { role, masks }) => role === "gold" && masks !== undefined,
  read: async (text, { masks: folder, maskFields }) => {
    if (folder === undefined || !existsSync(folder)) throw new Error("smner needs the folder of masks: --masks DIR");
    const fields = fieldsOf(maskFields);
    const posts: EvaluatedPost[] = [];
    let [files, unmatched] = [0, 0];
    for (const post of postsOf(text)) {
      const paths = idsInFiles(basename(post.id)).map((id) => join(folder, `${id}.json`));
      const file = paths.find((path) => existsSync(path));
      const masks = file === undefined ? [] : await readMasks(file, fields);
      files += Number(file !== undefined);
      unmatched += masks.filter(({ name }) => !post.entities.some((entity) => entity.text === name)).length;
      posts.push(addMasks(post, masks));
    }
    if (files === 0) throw new Error(`${folder} has no ID.json of any of its posts`);
    const notes = unmatched > 0 ? [`${unmatched} masks have a name that is no entity of their post`] : [];
    const counts = { mask_files: files, names_without_entity: unmatched };
    return { kind: "smner", posts, notes, missing: {}, counts };
  },
};

async function readMasks(file: string, fields: MaskFields): Promise<NamedMask[]> {
  try {
    return readMaskFile(JSON.parse(await readText(file)), fields);
  } catch (error) {
    throw new Error(`${file}: ${(error as Error).message}`);
  }
}

function addMasks(post: EvaluatedPost, masks: readonly NamedMask[]): EvaluatedPost {
  const entities = post.entities.map((entity) => {
    const own = masks.filter(({ name }) => name === entity.text).map(({ mask }) => mask);
    return { ...entity, masks: own, boxes: boxesAround(own) };
  });
  return { ...post, entities };
}

/**
 * The names of the fields, where `objects=shapes,name=label` replaces two of the default names. Throws an error that
 * lists the fields when one is unknown.
 */
export function fieldsOf(option = ""): MaskFields {
  const given = option
    .split(",")
    .filter((part) => part !== "")
    .map((part) => {
      const [name = "", path = ""] = part.split("=");
      if (!Object.hasOwn(MASK_FIELDS, name) || path === "") {
        const names = Object.keys(MASK_FIELDS).join(", ");
        throw new Error(`--mask-fields has NAME=PATH of ${names}, separated by commas; it cannot have ${part}`);
      }
      return [name, path] as const;
    });
  return { ...MASK_FIELDS, ...Object.fromEntries(given) };
}
