/** Maximum nesting and maximum number of values of a JSON text. */
export interface JsonLimits {
  readonly levels: number;
  readonly values: number;
}

/**
 * Which limit a JSON text exceeds; null when it exceeds none. It is counted before `JSON.parse`, because a value takes
 * many times the memory of its text. Every object, list and comma counts as a value; what stands inside strings does
 * not count. The text need not be valid JSON.
 *
 * @example jsonExcess("[[[", { levels: 2, values: 100 }) // "levels"
 */
export function jsonExcess(text: string, limits: JsonLimits): keyof JsonLimits | null {
  let [levels, values] = [0, 0];
  for (let index = 0; index < text.length; index++) {
    switch (text[index]) {
      case '"':
        index = (jsonStringEnd(text, index) ?? text.length) - 1;
        break;
      case "[":
      case "{":
        levels++;
        values++;
        break;
      case "]":
      case "}":
        levels--;
        break;
      case ",":
        values++;
    }
    if (levels > limits.levels) return "levels";
    if (values > limits.values) return "values";
  }
  return null;
}

/** The index after the closing quote of the JSON string that opens at `start`; null when it does not close. */
export function jsonStringEnd(text: string, start: number): number | null {
  for (let quote = text.indexOf('"', start + 1); quote !== -1; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
  return null;
}
