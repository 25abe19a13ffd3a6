/** A header's value and its parameters: `form-data; name="text"` is `form-data` with `name` = `text`. */
export interface HeaderValue {
  /** In lower case. */
  readonly value: string;
  /** By name in lower case. Of two parameters with one name, the first counts. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** One parameter; its value is quoted (group 2) or runs to the next semicolon (group 3). */
const PARAMETER = /;\s*([^=;\s]*)\s*(?:=\s*(?:"((?:\\.|[^"\\])*)"|([^;]*)))?[^;]*/gs;

/** Reads the value of Content-Type or Content-Disposition, with or without quotes and with names in any case. */
export function parseHeader(header: string): HeaderValue {
  const value = header.split(";", 1)[0] ?? "";
  const parameters = new Map<string, string>();
  for (const [, name = "", quoted, plain = ""] of header.slice(value.length).matchAll(PARAMETER)) {
    const key = name.toLowerCase();
    if (key === "" || parameters.has(key)) continue;
    // Only these two are escapes: in `filename="C:\new.png"` the backslash is a part of the name.
    parameters.set(key, quoted === undefined ? plain.trim() : quoted.replace(/\\(["\\])/g, "$1"));
  }
  return { value: value.trim().toLowerCase(), parameters };
}
