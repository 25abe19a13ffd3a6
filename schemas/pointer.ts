/** A JSON pointer to the value at a path (RFC 6901): `["entities", 0, "a/b"]` is `/entities/0/a~1b`. */
export function toPointer(path: readonly PropertyKey[]): string {
  return path.map((key) => `/${String(key).replaceAll("~", "~0").replaceAll("/", "~1")}`).join("");
}

/** The path of a JSON pointer (RFC 6901): `/entities/0/a~1b` is `["entities", "0", "a/b"]`. */
export function fromPointer(pointer: string): string[] {
  const [, ...keys] = pointer.split("/");
  return keys.map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));
}
