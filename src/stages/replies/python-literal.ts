/** Deepest nesting. */
const DEPTH = 16;

/** Escapes by the character after the backslash. Any other backslash stands for itself. */
const ESCAPES: Readonly<Record<string, string>> = {
  "\\": "\\",
  "'": "'",
  '"': '"',
  "\n": "",
  a: "\u0007",
  b: "\b",
  f: "\f",
  n: "\n",
  r: "\r",
  t: "\t",
  v: "\u000b",
};

/** Hexadecimal digits of an escape. */
const DIGITS: Readonly<Record<string, number>> = { x: 2, u: 4, U: 8 };

const NUMBER = /[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?/y;
const WORD = /(?:True|False|None)(?!\w)/y;
const WORDS: Readonly<Record<string, boolean | null>> = { True: true, False: false, None: null };

class NotALiteral extends Error {}

/**
 * Parses a Python literal (docs.python.org/3/library/ast.html#ast.literal_eval): strings, numbers, True, False, None,
 * lists, tuples (as arrays) and dictionaries (as objects). Evaluates nothing. Undefined where the text is anything else
 * or nests deeper than 16 levels.
 */
export function readPythonLiteral(text: string): unknown {
  const reader = new Reader(text);
  try {
    const value = reader.value(0);
    return reader.atEnd() ? value : undefined;
  } catch (error) {
    if (error instanceof NotALiteral) return undefined;
    throw error;
  }
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  atEnd(): boolean {
    this.#space();
    return this.#at === this.#text.length;
  }

  value(depth: number): unknown {
    if (depth > DEPTH) throw new NotALiteral();
    this.#space();
    const first = this.#text[this.#at];
    if (first === "{") return this.#dictionary(depth);
    if (first === "[") return this.#items("]", depth).values;
    if (first === "(") return this.#tuple(depth);
    if (first === "'" || first === '"') return this.#string(first);
    const word = this.#match(WORD);
    if (word !== null) return WORDS[word];
    const number = this.#match(NUMBER);
    if (number !== null) return Number(number);
    throw new NotALiteral();
  }

  #dictionary(depth: number): Record<string, unknown> {
    const entries: Array<[string, unknown]> = [];
    this.#at++;
    while (!this.#take("}")) {
      const key = this.value(depth + 1);
      if (typeof key === "object" || !this.#take(":")) throw new NotALiteral();
      entries.push([String(key), this.value(depth + 1)]);
      if (this.#take(",")) continue;
      if (this.#take("}")) break;
      throw new NotALiteral();
    }
    // Unlike an assignment, this treats "__proto__" as an ordinary key.
    return Object.fromEntries(entries);
  }

  /** A single value in parentheses without a comma is that value, and no tuple. */
  #tuple(depth: number): unknown {
    const { values, trailing } = this.#items(")", depth);
    return values.length === 1 && !trailing ? values[0] : values;
  }

  #items(end: string, depth: number): { values: unknown[]; trailing: boolean } {
    const values: unknown[] = [];
    this.#at++;
    let trailing = false;
    while (!this.#take(end)) {
      if (values.length > 0 && !trailing) throw new NotALiteral();
      values.push(this.value(depth + 1));
      trailing = this.#take(",");
    }
    return { values, trailing };
  }

  #string(quote: string): string {
    const parts: string[] = [];
    this.#at++;
    for (;;) {
      const character = this.#text[this.#at++];
      if (character === undefined || character === "\n") throw new NotALiteral();
      if (character === quote) return parts.join("");
      parts.push(character === "\\" ? this.#escaped() : character);
    }
  }

  #escaped(): string {
    const mark = this.#text[this.#at++] ?? "";
    const length = DIGITS[mark];
    if (length === undefined) return ESCAPES[mark] ?? `\\${mark}`;
    const digits = this.#text.slice(this.#at, this.#at + length);
    const point =
      /^[0-9a-f]+$/i.test(digits) && digits.length === length ? Number.parseInt(digits, 16) : Number.POSITIVE_INFINITY;
    if (point > 0x10_ffff) throw new NotALiteral();
    this.#at += length;
    return String.fromCodePoint(point);
  }

  #space(): void {
    while (/\s/.test(this.#text[this.#at] ?? "")) this.#at++;
  }

  #take(character: string): boolean {
    this.#space();
    if (this.#text[this.#at] !== character) return false;
    this.#at++;
    return true;
  }

  #match(pattern: RegExp): string | null {
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text)?.[0] ?? null;
    this.#at += found?.length ?? 0;
    return found;
  }
}
