/** `path`, which begins with a slash, behind a base address that may or may not end with one. */
export function joinUrl(base: URL, path: string): URL {
  return new URL(`${base.href.replace(/\/$/, "")}${path}`);
}
