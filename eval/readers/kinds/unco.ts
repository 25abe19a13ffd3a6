import * as z from "zod/mini";
import { BoxCorners, type EvaluatedEntity, type EvaluatedPost } from "../../../schemas/evaluation.ts";
import { checked } from "../checked.ts";
import { idOfPicture, type Kind, typeNamed } from "../evaluated-file.ts";
import { allObjects, firstObject } from "../recognize-json.ts";
import { refuseRepeated } from "./post-lines.ts";

/** A row of tangjielong928/UnCo and tangjielong928/SAKE: an entity with one box or none. `end` is the last token. */
const Row = z.object({
  start: z.optional(z.nullable(z.int())),
  end: z.optional(z.nullable(z.int())),
  entity_type: z.string(),
  phrase: z.optional(z.nullable(z.string())),
  region_box: z.optional(z.nullable(z.union([BoxCorners, z.array(z.never())]))),
});

const Item = z.object({
  tokens: z.optional(z.array(z.string())),
  image_id: z.optional(z.string()),
  img_id: z.optional(z.string()),
  gt_entities: z.optional(z.array(Row)),
  pre_entities: z.optional(z.array(Row)),
});

/** The JSON of UnCo and SAKE: `gt_entities` is gold and `pre_entities` is predicted; a file may have both. */
export const UNCO: Kind = {
  name: "unco",
  form: 'JSON of UnCo and SAKE: [{"tokens", "image_id" | "img_id", "gt_entities" | "pre_entities"}]',
  recognizes: (text) => {
    const first = firstObject(text);
    return first !== null && ("gt_entities" in first || "pre_entities" in first);
  },
  read: async (text, { role }) => {
    const field = role === "gold" ? "gt_entities" : "pre_entities";
    const posts = allObjects(text).map((value, index) => postOf(value, index, field));
    refuseRepeated(posts);
    const place = posts.find(({ entities }) => entities.some(({ start }) => start === null));
    const missing = place ? { offsets: `${role}: an entity of post ${place.id} has no start and end` } : {};
    return { kind: "unco", posts, notes: [], missing };
  },
};

function postOf(value: unknown, index: number, field: "gt_entities" | "pre_entities"): EvaluatedPost {
  const data = checked(Item, value, "the item", `item ${index + 1}, `);
  const id = data.image_id ?? data.img_id;
  const rows = data[field];
  if (id === undefined || !rows) throw new Error(`item ${index + 1} has no ${id === undefined ? "image_id" : field}`);
  const { tokens } = data;
  return { id: idOfPicture(id), offset_unit: "token", ...(tokens && { tokens }), entities: entitiesOf(rows, tokens) };
}

/** Rows that differ in their box alone are one entity with several boxes. */
function entitiesOf(rows: ReadonlyArray<z.infer<typeof Row>>, tokens: readonly string[] = []): EvaluatedEntity[] {
  const entities = new Map<string, EvaluatedEntity>();
  for (const { start = null, end = null, entity_type, phrase, region_box } of rows) {
    const span = start === null || end === null ? { start: null, end: null } : { start, end: end + 1 };
    const text = phrase ?? (span.start === null ? "" : tokens.slice(span.start, span.end).join(" "));
    const key = JSON.stringify([span.start, span.end, entity_type, text]);
    const entity = entities.get(key) ?? { text, type: typeNamed(entity_type), ...span, boxes: [], masks: [] };
    if (region_box?.length === 4) entity.boxes.push(region_box as BoxCorners);
    entities.set(key, entity);
  }
  return [...entities.values()];
}
