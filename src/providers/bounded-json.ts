import { StageError } from "./stage-error.ts";

/** Deepest nesting and most values of a model's JSON. Set by hand: the largest valid answers have a third of them. */
const [MOST_LEVELS, MOST_VALUES] = [64, 200_000];

const [QUOTE, BACKSLASH, COMMA, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = [34, 92, 44, 91, 93, 123, 125];

/**
 * The value of a model's JSON, whose depth and number of values are counted first: each value costs a hundred times its
 * text in memory. Throws a `StageError`: `invalid_output` when there are too many, `unreadable` when it is not JSON.
 */
export function parseBounded(text: string): unknown {
  let [levels, values] = [0, 0];
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    if (code === QUOTE) index = endOfString(text, index);
    else if (code === OPEN_LIST || code === OPEN_OBJECT) {
      levels++;
      values++;
    } else if (code === CLOSE_LIST || code === CLOSE_OBJECT) levels--;
    else if (code === COMMA) values++;
    if (levels > MOST_LEVELS || values > MOST_VALUES)
      throw new StageError("invalid_output", "answered with too many values, or too deep in each other");
  }
  try {
    return JSON.parse(text);
  } catch {
    throw new StageError("unreadable", "answered with invalid or incomplete JSON");
  }
}

/** The index of the quote that ends the string which begins at `start`; the text's end when there is none. */
function endOfString(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); quote >= 0; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text.charCodeAt(quote - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return quote;
  }
  return text.length;
}
