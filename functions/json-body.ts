/**
 * Most objects, arrays and members in a request. Set by hand: 200 entities with all their fields have about 1,000, a
 * text of 10,000 characters has at most as many tokens. Each costs memory and time, also when the stage does not know
 * its field.
 */
const MOST_PARTS = 50_000;
/** Deepest nesting: the stages' inputs have five levels. Set by hand. */
const DEEPEST = 32;

const [QUOTE, BACKSLASH, COMMA, OPEN_ARRAY, CLOSE_ARRAY, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('"\\,[]{}');

/** The body's value, or in a sentence why there is none: it is not JSON, too deep, or has too many parts. */
export function readJsonBody(bytes: Buffer): { value: unknown } | { fault: string } {
  const fault = faultOf(bytes);
  if (fault) return { fault };
  try {
    return { value: JSON.parse(bytes.toString("utf8")) };
  } catch {
    return { fault: "not valid JSON" };
  }
}

/** Counts parts and depth before anything is built from them. Long strings are jumped over. */
function faultOf(bytes: Buffer): string | null {
  let [parts, depth] = [0, 0];
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === QUOTE) {
      at = endOfString(bytes, at + 1);
      if (at < 0) return "not valid JSON";
    } else if (byte === COMMA) parts++;
    else if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) {
      parts++;
      if (++depth > DEEPEST) return `nested deeper than ${DEEPEST} levels`;
    } else if (byte === CLOSE_ARRAY || byte === CLOSE_OBJECT) depth--;
    if (parts > MOST_PARTS) return `has more than ${MOST_PARTS} values`;
  }
  return null;
}

/** The index of the quote that ends a string; -1 when there is none. */
function endOfString(bytes: Buffer, start: number): number {
  for (let end = bytes.indexOf(QUOTE ?? 0, start); end >= 0; end = bytes.indexOf(QUOTE ?? 0, end + 1)) {
    let backslashes = 0;
    while (end - 1 - backslashes >= start && bytes[end - 1 - backslashes] === BACKSLASH) backslashes++;
    if (backslashes % 2 === 0) return end;
  }
  return -1;
}
