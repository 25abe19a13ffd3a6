import * as z from "zod/mini";
import { BoxCorners, type EvaluatedEntity, type EvaluatedPost } from "../../../schemas/evaluation.ts";
import { checked } from "../checked.ts";
import { type EvaluatedFile, idOfPicture, type Kind, typeNamed } from "../evaluated-file.ts";
import { readText } from "../text-file.ts";

/**
 * RiVEG's files (JinYuanLi0012/RiVEG, `statistic/`). They have one entity a row and no offsets; a post is all rows of a
 * picture, in their order.
 */
const NO_OFFSETS = { offsets: "RiVEG's rows have names and no offsets" };

/** The type of a prediction whose name has none: no gold entity has it, as no string of gold equals its string. */
const NO_TYPE = "UNKNOWN";

/**
 * Gold: `71044.jpg###Garfield Park(LOC)###description###2###&[x1, y1, x2, y2]&[…]`; the flag 0 stands for no region.
 */
export const RIVEG_GOLD: Kind = {
  name: "riveg-gold",
  form: "lines `ID.jpg###NAME(TYPE)###description###0|2###&[x1, y1, x2, y2]&[…]`",
  recognizes: (text) => /^[^\n#]+###[^\n]*###[0-9]###&\[[^\n]*\]\s*$/m.test(firstLine(text)),
  read: async (text) => {
    const rows = linesOf(text).map(({ line, number }) => {
      const columns = line.split("###");
      const [picture = "", name = ""] = columns;
      const [flag = "", boxes = ""] = columns.slice(-2);
      if (columns.length < 5 || !/^[0-9]$/.test(flag)) throw new Error(`line ${number} is no row of RiVEG's gold`);
      return { id: idOfPicture(picture), entity: entityOf(name, flag === "0" ? [] : goldBoxes(boxes, number)) };
    });
    return { kind: "riveg-gold", posts: byPost(rows), notes: [], missing: NO_OFFSETS };
  },
};

/** Predictions: `Imageid:71044.jpg#6aac###NAME(TYPE)###expression###2`; rows flagged 2 have a box in OFA's own file. */
export const RIVEG_PREDICTIONS: Kind = {
  name: "riveg-predictions",
  form: "lines `Imageid:ID.jpg#KEY###NAME(TYPE)###expression###0|2`; their boxes by --boxes FILE",
  recognizes: (text) => /^Imageid:[^\n]*###[0-9]\s*$/.test(firstLine(text)),
  read: async (text, options) => {
    const rows = linesOf(text).map(({ line, number }) => {
      const [, picture, name = "", flag] = /^Imageid:(.*?)###(.*?)###.*([0-9])$/.exec(line) ?? [];
      if (picture === undefined) throw new Error(`line ${number} is no row of RiVEG's predictions`);
      return { key: picture, id: idOfPicture(picture.replace(/#[^#]*$/, "")), name, isGrounded: flag !== "0" };
    });
    const boxes = options.boxes === undefined ? null : await readBoxes(options.boxes);
    const grounded = rows.filter(({ isGrounded }) => isGrounded);
    if (boxes && boxes.length !== grounded.length) {
      throw new Error(`${grounded.length} rows are flagged 2, and ${options.boxes} has ${boxes.length} boxes`);
    }
    const boxOf = new Map(grounded.map((row, index) => [row, boxes?.[index]] as const));
    const others = grounded.filter((row) => boxes && boxOf.get(row)?.uniq_id !== row.key);
    const posts = byPost(
      rows.map((row) => {
        const box = boxOf.get(row)?.box;
        return { id: row.id, entity: entityOf(row.name, box ? [box] : []) };
      }),
    );
    return fileOf(posts, boxes === null && grounded.length > 0, others.length);
  },
};

function fileOf(posts: readonly EvaluatedPost[], lacksBoxes: boolean, others: number): EvaluatedFile {
  const regions = lacksBoxes
    ? { regions: "RiVEG's rows have no boxes of their own: name OFA's list with --boxes FILE" }
    : {};
  const notes =
    others > 0 ? [`${others} boxes have another uniq_id than their row: they were taken in file order`] : [];
  return { kind: "riveg-predictions", posts, notes, missing: { ...NO_OFFSETS, ...regions } };
}

const OfaBoxes = z.array(z.object({ uniq_id: z.string(), box: BoxCorners }));

/** OFA's list of boxes: the JSON array of `{uniq_id, box}` that it writes. */
async function readBoxes(file: string): Promise<z.infer<typeof OfaBoxes>> {
  try {
    return checked(OfaBoxes, JSON.parse(await readText(file)), "the list");
  } catch (error) {
    throw new Error(`${file} is no JSON array of {"uniq_id", "box"}: ${(error as Error).message}`);
  }
}

function firstLine(text: string): string {
  return linesOf(text.slice(0, 100_000))[0]?.line ?? "";
}

function linesOf(text: string): Array<{ line: string; number: number }> {
  return text
    .split(/\r?\n/)
    .map((line, index) => ({ line, number: index + 1 }))
    .filter(({ line }) => line.trim() !== "");
}

function goldBoxes(column: string, number: number): BoxCorners[] {
  return column
    .split("&")
    .filter((part) => part.trim() !== "")
    .map((part) => {
      const { success, data } = BoxCorners.safeParse(/^\[.*\]$/.test(part.trim()) ? JSON.parse(part) : null);
      if (!success) throw new Error(`line ${number} has no box: ${part.slice(0, 80)}`);
      return data;
    });
}

function entityOf(label: string, boxes: BoxCorners[]): EvaluatedEntity {
  const { name, type } = nameAndType(label) ?? { name: label, type: NO_TYPE };
  return { text: name, type, start: null, end: null, boxes, masks: [] };
}

/** The two parts of `NAME(TYPE)`; null for a text without a type. */
export function nameAndType(label: string): { name: string; type: string } | null {
  const [, name, type] = /^(.*)\(([^()]+)\)$/.exec(label) ?? [];
  return name === undefined || type === undefined ? null : { name, type: typeNamed(type) };
}

function byPost(rows: ReadonlyArray<{ id: string; entity: EvaluatedEntity }>): EvaluatedPost[] {
  const posts = new Map<string, EvaluatedPost>();
  for (const { id, entity } of rows) {
    const post = posts.get(id) ?? { id, offset_unit: "token", entities: [] };
    post.entities.push(entity);
    posts.set(id, post);
  }
  return [...posts.values()];
}
