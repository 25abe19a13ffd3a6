/** Appends `path`, which starts with a slash, to a base URL that may or may not end with one. */
export function joinUrl(base: URL, path: string): URL {
  return new URL(`${base.href.replace(/\/$/, "")}${path}`);
}
