import { cutText } from "../../schemas/cut-text.ts";
import { jsonStringEnd } from "../../schemas/json-size.ts";
import { LIMITS } from "../../schemas/limits.ts";
import { toPointer } from "../../schemas/pointer.ts";
import type { ProblemError } from "../../schemas/problem.ts";
import { ECHO_LENGTH, fieldProblem } from "./field-problem.ts";

/** How deep JSON may be, and how many values and names it may have. */
export type JsonLimits = { readonly [Limit in "jsonDepth" | "jsonValues"]: number };

/** An object or an array whose end was not read yet. */
interface Level {
  /** The names of an object so far; null for an array. */
  readonly names: Set<string> | null;
  /** Where the scan is inside: the current name of an object, or the current index of an array. */
  key: string | number;
  /** Whether the next string is a name. */
  expectsName: boolean;
}

/** The end of a number, of `true`, `false` or `null`, or of what is none of them. */
const LITERAL_END = /[\s,:"[\]{}]|$/g;

/**
 * Refuses three things that `JSON.parse` accepts, before it makes a value of the text. More than `LIMITS.jsonDepth`
 * levels: every walk of deeply nested values costs stack. More than `LIMITS.jsonValues` values and names: each costs a
 * hundred bytes of memory and its share of every later check. The same name twice in one object: parsers disagree about
 * which one counts (RFC 8259, section 4). Throws a `ProblemError` that points to the second of the two.
 *
 * @param text any text. The scan of one that is not JSON may end early: `JSON.parse` refuses it
 * @param path where the text is in the request
 */
export function checkJson(
  text: string,
  path: readonly string[] = [],
  { jsonDepth, jsonValues }: JsonLimits = LIMITS,
): void {
  const levels: Level[] = [];
  let values = 0;
  const countValue = () => {
    if (++values > jsonValues) throw refusal(path, `has more than ${jsonValues} values and names`, jsonValues);
  };
  for (let index = 0; index < text.length; index++) {
    const level = levels.at(-1);
    const character = text[index];
    switch (character) {
      case " ":
      case "\n":
      case "\r":
      case "\t":
      case ":":
        break;
      case "{":
      case "[":
        countValue();
        levels.push(
          character === "{"
            ? { names: new Set(), key: "", expectsName: true }
            : { names: null, key: 0, expectsName: false },
        );
        if (levels.length > jsonDepth) throw refusal(path, `is nested more than ${jsonDepth} levels deep`, jsonDepth);
        break;
      case "}":
      case "]":
        levels.pop();
        break;
      case ",":
        if (typeof level?.key === "number") level.key++;
        else if (level) level.expectsName = true;
        break;
      case '"': {
        countValue();
        const end = jsonStringEnd(text, index);
        if (end === null) return;
        if (level?.names && level.expectsName) {
          const name = readName(text.slice(index, end));
          if (name === null) return;
          level.key = name;
          level.expectsName = false;
          if (level.names.has(name))
            throw refusal([...path, ...levels.map(({ key }) => key)], "is given more than once");
          level.names.add(name);
        }
        index = end - 1;
        break;
      }
      default:
        countValue();
        LITERAL_END.lastIndex = index + 1;
        index = (LITERAL_END.exec(text)?.index ?? text.length) - 1;
    }
  }
}

/** A name from its JSON; null when that is not valid. */
function readName(json: string): string | null {
  try {
    return String(JSON.parse(json));
  } catch {
    return null;
  }
}

function refusal(path: ReadonlyArray<string | number>, detail: string, limit?: number): ProblemError {
  const pointer = toPointer(path.map((key) => (typeof key === "string" ? cutText(key, ECHO_LENGTH) : key)));
  return fieldProblem([{ pointer, detail, ...(limit === undefined ? {} : { limit }) }]);
}
