import { fromPointer } from "../../../schemas/pointer.ts";

/** The step of a pointer that stands for each item of an array. */
const EACH = "*";

/**
 * The values of a message at a JSON pointer (RFC 6901), in order: one, none where the message has no such value, or
 * several where a step is `*` and stands for each item of an array. Of an object, `*` is the member of that name.
 */
export function valuesAt(message: unknown, pointer: string): unknown[] {
  let values = [message];
  for (const key of fromPointer(pointer)) values = values.flatMap((value) => step(value, key));
  return values;
}

function step(value: unknown, key: string): unknown[] {
  if (Array.isArray(value)) {
    if (key === EACH) return value;
    return /^(?:0|[1-9]\d*)$/.test(key) && Number(key) < value.length ? [value[Number(key)]] : [];
  }
  const isMember = typeof value === "object" && value !== null && Object.hasOwn(value, key);
  return isMember ? [(value as Record<string, unknown>)[key]] : [];
}
