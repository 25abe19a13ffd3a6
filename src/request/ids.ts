import type { FieldError } from "../../schemas/problem.ts";
import { refuse } from "./read-post.ts";

/**
 * The items, each with an id: the caller's, or the prefix and its place. Throws a `ProblemError` where two have the
 * same.
 */
export function withIds<Item extends { id?: string | undefined }>(
  items: readonly Item[],
  field: string,
  prefix: string,
): Array<Omit<Item, "id"> & { id: string }> {
  const named = items.map((item, index) => ({ ...item, id: item.id ?? `${prefix}${index + 1}` }));
  const seen = new Set<string>();
  const errors: FieldError[] = [];
  named.forEach(({ id }, index) => {
    if (seen.has(id)) errors.push({ pointer: `/${field}/${index}/id`, detail: "is another's already", value: id });
    seen.add(id);
  });
  refuse(errors);
  return named;
}
