import type { StageEntity } from "../../schemas/primitives.ts";
import type { FieldError } from "../../schemas/problem.ts";
import { refuse } from "./field-problem.ts";

/**
 * The items, each with an id: the caller's own, else the prefix and its number (`e1`, `e2`, …). Throws a `ProblemError`
 * when two have the same.
 */
export function withIds<Item extends { readonly id?: string | undefined }>(
  items: readonly Item[],
  field: string,
  prefix: string,
): Array<Omit<Item, "id"> & { id: string }> {
  const itemsWithIds = items.map((item, index) => ({ ...item, id: item.id ?? `${prefix}${index + 1}` }));
  const usedIds = new Set<string>();
  const errors: FieldError[] = [];
  itemsWithIds.forEach(({ id }, index) => {
    if (usedIds.has(id))
      errors.push({ pointer: `/${field}/${index}/id`, detail: "is used by another item", value: id });
    usedIds.add(id);
  });
  refuse(errors);
  return itemsWithIds;
}

type SoughtEntity = { readonly [Field in keyof StageEntity]?: StageEntity[Field] | undefined };

/** A caller's entities as the input of a stage: each with an id; fields that were not sent are absent. */
export function soughtEntities(entities: readonly SoughtEntity[]): StageEntity[] {
  return withIds(entities, "entities", "e").map(({ id, text, type, expression }) => ({
    id,
    ...(text === undefined ? {} : { text }),
    ...(type === undefined ? {} : { type }),
    ...(expression === undefined ? {} : { expression }),
  }));
}
