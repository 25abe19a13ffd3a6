import { LIMITS } from "../../schemas/limits.ts";
import { toPointer } from "../../schemas/pointer.ts";
import { ProblemError } from "../../schemas/problem.ts";

/**
 * Refuses two things that `JSON.parse` accepts. More than `LIMITS.jsonDepth` levels: every walk of deeply nested values
 * costs stack. The same name twice in one object: parsers disagree about which one counts (RFC 8259, section 4). Throws
 * a `ProblemError`.
 *
 * @param text valid JSON
 */
export function checkJson(text: string): void {
  const objects: Array<Set<string> | null> = [];
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (character === "{" || character === "[") {
      objects.push(character === "{" ? new Set() : null);
      if (objects.length > LIMITS.jsonDepth) {
        const errors = [{ pointer: "", detail: "is nested too deeply", limit: LIMITS.jsonDepth }];
        throw new ProblemError("invalid_request", `The request is nested more than ${LIMITS.jsonDepth} levels deep.`, {
          errors,
        });
      }
    } else if (character === "}" || character === "]") {
      objects.pop();
    } else if (character === '"') {
      const end = stringEnd(text, index);
      const names = objects.at(-1);
      if (names && /^\s*:/.test(text.slice(end, end + 100))) addName(names, text.slice(index, end));
      index = end - 1;
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

function addName(names: Set<string>, quoted: string): void {
  const name = String(JSON.parse(quoted));
  if (names.has(name)) {
    const detail = "is given more than once";
    const pointer = toPointer([name.slice(0, LIMITS.nameLength)]);
    throw new ProblemError("invalid_request", `The field ${JSON.stringify(name.slice(0, 60))} ${detail}.`, {
      errors: [{ pointer, detail }],
    });
  }
  names.add(name);
}
