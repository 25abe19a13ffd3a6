/** Maximum opening brackets that are tried in a reply. Without a limit, the search takes quadratic time. */
const TRIES = 64;

/**
 * The JSON objects and arrays in a model's reply, in order: bare, in a code fence, or after prose or reasoning. In a
 * truncated one, the complete values inside it are found.
 */
export function* jsonIn(reply: string): Generator<unknown> {
  const text = afterThoughts(reply);
  let start = next(text, 0);
  for (let tries = 0; start >= 0 && tries < TRIES; tries++) {
    const end = endOf(text, start);
    const value = end === null ? undefined : parse(text.slice(start, end));
    if (value !== undefined) yield value;
    // The bracket may belong to prose: the object may begin at the next one.
    start = next(text, value === undefined || end === null ? start + 1 : end);
  }
}

/**
 * A reply without its `<think>` part. Some templates put the opening tag into the prompt; the reply then has only the
 * closing tag.
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

/** The end of the value whose bracket opens at `start`; null where it is never closed. Skips brackets in strings. */
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
