/** A change that breaks a client of the document before it. */
export interface Finding {
  /** Where it is in the earlier document, or where it would be: a JSON pointer as a URI fragment (RFC 6901). */
  readonly pointer: string;
  readonly sentence: string;
}

export type Json = Readonly<Record<string, unknown>>;

/** A value of a document, and where it is. */
export interface Place {
  readonly value: unknown;
  readonly pointer: string;
}

/** What is below a place; undefined where there is nothing. */
export function below({ value, pointer }: Place, key: string | number): Place {
  const found = isObject(value) || Array.isArray(value) ? (value as Json)[key] : undefined;
  return { value: found, pointer: `${pointer}/${escapePointer(String(key))}` };
}

/** The places below a place, by their keys; none where it is no object. */
export function entriesOf(place: Place): ReadonlyMap<string, Place> {
  const { value } = place;
  return new Map(isObject(value) ? Object.keys(value).map((key) => [key, below(place, key)]) : []);
}

export function isObject(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether two values of JSON are the same, whatever the order of their fields. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(sorted(one)) === JSON.stringify(sorted(other));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (!isObject(value)) return value;
  return Object.keys(value)
    .toSorted()
    .map((key) => [key, sorted(value[key])]);
}

function escapePointer(key: string): string {
  return key.replaceAll("~", "~0").replaceAll("/", "~1");
}
