import { existsSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import type { BoxCorners } from "../../schemas/evaluation.ts";
import { HTML_ENTITY, htmlCharacter } from "../../schemas/html-entities.ts";
import { idsInFiles } from "./evaluated-file.ts";
import { readText } from "./text-file.ts";

/** A box of a Pascal VOC file, with the name of what it shows. */
export interface VocObject {
  readonly name: string;
  readonly box: BoxCorners;
}

/**
 * Read the boxes of a Pascal VOC annotation, as labelImg writes them. Throws, saying which, where an object has no name
 * or a box has no edge.
 */
export function readVoc(xml: string): VocObject[] {
  return [...xml.matchAll(/<object>([\s\S]*?)<\/object>/g)].map(([, object = ""], index) => {
    const name = contentOf(object, "name");
    if (!name) throw new Error(`object ${index + 1} has no name`);
    const edge = (side: string) => {
      const value = contentOf(object, side);
      if (!value || !Number.isFinite(Number(value))) throw new Error(`object ${index + 1} has no number as ${side}`);
      return Number(value);
    };
    return { name, box: [edge("xmin"), edge("ymin"), edge("xmax"), edge("ymax")] };
  });
}

/** The text of an element without elements, unescaped; null when there is none. */
function contentOf(xml: string, element: string): string | null {
  const content = new RegExp(`<${element}>([^<]*)</${element}>`).exec(xml)?.[1];
  return content?.trim().replace(new RegExp(HTML_ENTITY, "g"), (entity) => htmlCharacter(entity) ?? entity) ?? null;
}

/** The folder of the VOC files of a text file: `xml` beside it or beside its folder; null when there is none. */
export function vocFolderOf(file: string): string | null {
  const folder = dirname(file);
  const beside = [join(folder, "xml"), join(folder, "..", "xml")];
  return beside.find((path) => existsSync(path)) ?? null;
}

/**
 * The objects of each post's VOC file, by the post's id. A post without a file has none: Twitter-GMNER has files for
 * pictures with boxes only. Throws an error that names the file when one cannot be read.
 */
export async function readVocFolder(folder: string, ids: readonly string[]): Promise<Map<string, VocObject[]>> {
  const objects = new Map<string, VocObject[]>();
  for (const id of ids) {
    // An id is a file's name, never a path.
    const file = idsInFiles(basename(id))
      .map((one) => join(folder, `${one}.xml`))
      .find((one) => existsSync(one));
    if (file === undefined) continue;
    try {
      objects.set(id, readVoc(await readText(file)));
    } catch (error) {
      throw new Error(`${file}: ${(error as Error).message}`);
    }
  }
  return objects;
}
