import { LIMITS } from "../../schemas/limits.ts";
import { toPointer } from "../../schemas/pointer.ts";
import { ProblemError } from "../../schemas/problem.ts";

/** An object or an array whose end was not read yet. */
interface Level {
  /** The names of an object so far; null for an array. */
  readonly names: Set<string> | null;
  /** Where the scan is inside: the current name of an object, or the current index of an array. */
  key: string | number;
  /** Whether the next string is a name. */
  expectsName: boolean;
}

/**
 * Refuses two things that `JSON.parse` accepts. More than `LIMITS.jsonDepth` levels: every walk of deeply nested values
 * costs stack. The same name twice in one object: parsers disagree about which one counts (RFC 8259, section 4). Throws
 * a `ProblemError` that points to the second of the two.
 *
 * @param text valid JSON
 * @param path where the text is in the request
 */
export function checkJson(text: string, path: readonly string[] = []): void {
  const levels: Level[] = [];
  for (let index = 0; index < text.length; index++) {
    const level = levels.at(-1);
    switch (text[index]) {
      case "{":
        levels.push({ names: new Set(), key: "", expectsName: true });
        if (levels.length > LIMITS.jsonDepth) throw tooDeep(path);
        break;
      case "[":
        levels.push({ names: null, key: 0, expectsName: false });
        if (levels.length > LIMITS.jsonDepth) throw tooDeep(path);
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
        const end = stringEnd(text, index);
        if (level?.names && level.expectsName) {
          level.key = String(JSON.parse(text.slice(index, end)));
          level.expectsName = false;
          if (level.names.has(level.key)) throw givenTwice([...path, ...levels.map(({ key }) => key)]);
          level.names.add(level.key);
        }
        index = end - 1;
      }
    }
  }
}

/** The index after the closing quote of the string that opens at `start`. */
function stringEnd(text: string, start: number): number {
  for (let quote = text.indexOf('"', start + 1); ; quote = text.indexOf('"', quote + 1)) {
    let slashes = 0;
    while (text[quote - 1 - slashes] === "\\") slashes++;
    if (slashes % 2 === 0) return quote + 1;
  }
}

function tooDeep(path: readonly string[]): ProblemError {
  const errors = [{ pointer: toPointer(path), detail: "is nested too deeply", limit: LIMITS.jsonDepth }];
  return new ProblemError("invalid_request", `The request is nested more than ${LIMITS.jsonDepth} levels deep.`, {
    errors,
  });
}

function givenTwice(path: ReadonlyArray<string | number>): ProblemError {
  const detail = "is given more than once";
  const pointer = toPointer(path.map((key) => (typeof key === "string" ? key.slice(0, LIMITS.nameLength) : key)));
  return new ProblemError("invalid_request", `The field ${pointer.slice(0, 200)} ${detail}.`, {
    errors: [{ pointer, detail }],
  });
}
