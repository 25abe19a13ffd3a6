/**
 * The first JSON object or array in a model's reply: bare, in a fence, behind prose or a chain of thought. Undefined where there is none, or where
 * it was cut off.
 */
export function extractJson(reply: string): unknown {
  const text = reply.replace(/<think>[\s\S]*?<\/think>/gi, "");
  for (let start = text.search(/[[{]/); start >= 0; start = next(text, start)) {
    const end = endOf(text, start);
    if (end === null) continue;
    try {
      return JSON.parse(text.slice(start, end));
    } catch {
      // Braces of prose: the next one may begin the object.
    }
  }
  return undefined;
}

function next(text: string, after: number): number {
  const offset = text.slice(after + 1).search(/[[{]/);
  return offset < 0 ? -1 : after + 1 + offset;
}

/** Where the bracket that opens at `start` is closed again, brackets in strings left out; null where it is not. */
function endOf(text: string, start: number): number | null {
  let depth = 0;
  let quoted = false;
  for (let index = start; index < text.length; index++) {
    const character = text[index];
    if (quoted) {
      if (character === "\\") index++;
      else if (character === '"') quoted = false;
    } else if (character === '"') quoted = true;
    else if (character === "{" || character === "[") depth++;
    else if ((character === "}" || character === "]") && --depth === 0) return index + 1;
  }
  return null;
}
