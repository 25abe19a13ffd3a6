/** A reply is searched from so many opening brackets at most: a page of them must not cost the square of its length. */
const TRIES = 64;

/**
 * The JSON objects and arrays in a model's reply, in order: bare, in a fence, behind prose or a chain of thought. One
 * that was cut off is none, but what is whole inside it is.
 */
export function* jsonIn(reply: string): Generator<unknown> {
  const text = afterThoughts(reply);
  let start = next(text, 0);
  for (let tries = 0; start >= 0 && tries < TRIES; tries++) {
    const end = endOf(text, start);
    const value = end === null ? undefined : parse(text.slice(start, end));
    if (value !== undefined) yield value;
    // Braces of prose: the next one may begin the object.
    start = next(text, value === undefined || end === null ? start + 1 : end);
  }
}

/** The first JSON object or array in a reply; undefined where there is none. */
export function extractJson(reply: string): unknown {
  return jsonIn(reply).next().value;
}

/**
 * A reply without the chain of thought before it. Some templates write the opening mark into the prompt, so that the
 * reply has the closing one alone.
 */
export function afterThoughts(reply: string): string {
  const mark = "</think>";
  const end = reply.lastIndexOf(mark);
  return end < 0 ? reply.replace(/^\s*<think>[\s\S]*$/, "") : reply.slice(end + mark.length);
}

function next(text: string, from: number): number {
  const offset = text.slice(from).search(/[[{]/);
  return offset < 0 ? -1 : from + offset;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
