import { existsSync } from "node:fs";
import type { EvaluatedEntity, EvaluatedPost } from "../../../schemas/evaluation.ts";
import { spansOf } from "../../scorers/seqeval.ts";
import { readConll, type Sentence } from "../conll.ts";
import { type EvaluatedFile, type Kind, type ReadOptions, typeNamed } from "../evaluated-file.ts";
import { readVocFolder, type VocObject, vocFolderOf } from "../voc.ts";

/** Text and types alone, as Twitter-2015 and Twitter-2017 come. */
export const CONLL: Kind = {
  name: "conll",
  form: "lines `token<TAB>BIO label`, a blank line between posts, `IMGID:` lines or none",
  recognizes: (text) => columnsOf(text) === 2,
  read: async (text) => conllFile("conll", postsOf(text)),
};

/** Twitter-GMNER, versions 1 and 2.0: text, and boxes in Pascal VOC files. */
export const GMNER: Kind = {
  name: "gmner",
  form: "the same, with a folder of Pascal VOC files: `xml` beside the file or its folder, or --xml DIR",
  recognizes: (text, options) => columnsOf(text) === 2 && folderOf(options) !== null,
  read: async (text, options) => withVoc("gmner", postsOf(text), options),
};

/** Twitter-FMNERG: a third column has the 51 fine types. */
export const FMNERG: Kind = {
  name: "fmnerg",
  form: "lines `token<TAB>coarse BIO label<TAB>fine BIO label`; boxes as for gmner",
  recognizes: (text) => columnsOf(text) === 3,
  read: async (text, options) =>
    folderOf(options) === null ? conllFile("fmnerg", postsOf(text)) : withVoc("fmnerg", postsOf(text), options),
};

/** 3 when the first line has two labels, 2 when it has one, 0 when the text does not begin like CoNLL. */
function columnsOf(text: string): number {
  const head = text.slice(0, 10_000).split(/\r?\n/);
  const line = head.find((one) => one.trim() !== "" && !/^(?:IMGID:|-DOCSTART-)/.test(one)) ?? "";
  const columns = line.includes("\t") ? line.split("\t") : line.trim().split(/ +/);
  const isLabel = columns.map((column) => /^(?:O|[BI]-\S+)$/.test(column.trim()));
  if (columns.length < 2 || !isLabel.at(-1)) return 0;
  // Between the token and the label other corpora have columns that are no labels.
  return columns.length === 3 && isLabel[1] ? 3 : 2;
}

/** The posts of a CoNLL text. A post without an id is numbered, and an id that comes again is counted: `id#2`. */
export function postsOf(text: string): EvaluatedPost[] {
  const seen = new Map<string, number>();
  return readConll(text).map((sentence, index) => {
    const id = sentence.id || String(index + 1);
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    return {
      id: times === 1 ? id : `${id}#${times}`,
      offset_unit: "token",
      tokens: [...sentence.tokens],
      entities: entitiesOf(sentence),
    };
  });
}

/** A label's spans as seqeval reads them: an I- without a B- begins an entity, as in Twitter-2015. */
function entitiesOf({ tokens, labels }: Sentence): EvaluatedEntity[] {
  return spansOf(labels).map(({ type, start, end }) => ({
    text: tokens.slice(start, end).join(" "),
    type: typeNamed(type),
    start,
    end,
    boxes: [],
    masks: [],
  }));
}

function conllFile(kind: string, posts: readonly EvaluatedPost[]): EvaluatedFile {
  const missing = { regions: `a ${kind} file without Pascal VOC files has no boxes (--xml DIR)` };
  return { kind, posts, notes: [], missing };
}

async function withVoc(kind: string, posts: readonly EvaluatedPost[], options: ReadOptions): Promise<EvaluatedFile> {
  const folder = folderOf(options);
  if (folder === null) throw new Error("no folder of Pascal VOC files is beside it: name one with --xml DIR");
  const objects = await readVocFolder(
    folder,
    posts.map(({ id }) => id),
  );
  if (objects.size === 0) throw new Error(`${folder} has no Pascal VOC file of any of its posts`);
  const unmatched = posts.flatMap((post) => unmatchedNames(post, objects.get(post.id) ?? []));
  const notes = unmatched.length > 0 ? [`${unmatched.length} boxes have a name that is no entity of their post`] : [];
  const counts = {
    objects_in_xml: [...objects.values()].flat().length,
    posts_without_xml: posts.length - objects.size,
    names_without_entity: unmatched.length,
  };
  return { kind, posts: posts.map((post) => addBoxes(post, objects.get(post.id) ?? [])), notes, missing: {}, counts };
}

/** The boxes of gold are gold: predictions that lie beside them must not get them. */
function folderOf({ role, xml, file }: ReadOptions): string | null {
  if (role === "predictions") return null;
  if (xml === undefined) return vocFolderOf(file);
  if (!existsSync(xml)) throw new Error(`there is no folder ${xml}`);
  return xml;
}

/** Twitter-GMNER links by the name alone: two entities with the same text share their boxes. */
function addBoxes(post: EvaluatedPost, objects: readonly VocObject[]): EvaluatedPost {
  const entities = post.entities.map((entity) => ({
    ...entity,
    boxes: objects.filter(({ name }) => name === entity.text).map(({ box }) => box),
  }));
  return { ...post, entities };
}

/** The names of boxes that no entity of the post has. */
function unmatchedNames(post: EvaluatedPost, objects: readonly VocObject[]): string[] {
  const names = new Set(post.entities.map(({ text }) => text));
  return objects.filter(({ name }) => !names.has(name)).map(({ name }) => name);
}
