/**
 * A piece of a post's text: a name, the name of a thing that is not asked about, a word, any other character, or a line
 * break. Spaces are no items, so that "Ana's" and "Ana ' s" read the same.
 */
export interface Item {
  readonly kind: "name" | "thing" | "word" | "mark" | "line";
  /** Lower case, NFKC. The words of a name are joined by spaces. Empty lines are one item "\n\n". */
  readonly text: string;
  /** Whether it begins with a capital letter. */
  readonly capital: boolean;
  /** The sign before a handle or a hashtag; it is part of the item. */
  readonly prefix: "@" | "#" | "";
  /** Indices of the names that are written so; empty unless `kind` is `name`. */
  readonly names: readonly number[];
}

type Token = Omit<Item, "names">;

/** Scripts that write no space between words: each of their characters is a word. */
const UNSPACED = `[${["Han", "Hiragana", "Katakana", "Thai", "Lao", "Khmer", "Myanmar"]
  .map((script) => `\\p{Script=${script}}`)
  .join("")}]`;
const PIECE = new RegExp(
  String.raw`[\r\n]+|${UNSPACED}\p{M}*|(?:(?!${UNSPACED})[\p{L}\p{N}_])(?:(?!${UNSPACED})[\p{L}\p{N}\p{M}_])*|\S`,
  "gu",
);
/** Variation selectors and joiners, which say only how the character before them is drawn. */
const INVISIBLE = /^[\p{M}\p{Cf}]+$/u;
/** Contractions that are written without an apostrophe. */
const CONTRACTED: Readonly<Record<string, string>> = {
  arent: "are",
  cannot: "can",
  cant: "can",
  couldnt: "could",
  didnt: "did",
  dont: "do",
  isnt: "is",
  wasnt: "was",
  werent: "were",
};
/** What is left of a verb when "n't" is taken off. */
const CUT_OFF: Readonly<Record<string, string>> = { ca: "can", wo: "will" };

/**
 * Read a text once: its items in order, with each name as one item wherever it stands as whole words, in any case, with
 * or without `@` or `#` before it, or as one word (#AnaRuiz). Where names overlap, the longest is read. "n't" becomes
 * the word "not", and "'s" is one mark. The steps grow with text length × longest name.
 * @param things names of places and organizations, which are read only so that nobody takes them for people
 */
export function readItems(text: string, names: readonly string[], things: readonly string[] = []): Item[] {
  const tokens = tokensOf(text);
  const root = trieOf([...names, ...things]);
  const items: Item[] = [];
  for (let at = 0; at < tokens.length; ) {
    const token = tokens[at];
    if (!token) break;
    const found = longestName(root, tokens, at);
    if (found) {
      const words = tokens.slice(at, found.end).map((each) => each.text);
      const own = found.names.filter((name) => name < names.length);
      items.push({ ...token, kind: own.length > 0 ? "name" : "thing", text: words.join(" "), names: own });
      at = found.end;
    } else {
      items.push({ ...token, names: [] });
      at++;
    }
  }
  return items;
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let prefix: Token["prefix"] = "";
  const write = (kind: Token["kind"], written: string, capital = false) => {
    tokens.push({ kind, text: written, capital, prefix });
    prefix = "";
  };
  for (const [piece] of text.normalize("NFKC").matchAll(PIECE)) {
    if (/^[\r\n]/.test(piece)) {
      prefix = "";
      write("line", piece.replaceAll("\r\n", "\n").length > 1 ? "\n\n" : "\n");
    } else if (/^[\p{L}\p{N}_]/u.test(piece)) {
      const word = piece.toLowerCase();
      const last = tokens.at(-1);
      const verb = tokens.at(-2);
      if (last?.text === "'" && (word === "s" || word === "t") && verb?.kind === "word") {
        if (word === "s") {
          tokens[tokens.length - 1] = { ...last, text: "'s" };
          continue;
        }
        if (verb.text.endsWith("n")) {
          const rest = verb.text === "can" ? verb.text : verb.text.slice(0, -1);
          tokens[tokens.length - 2] = { ...verb, text: CUT_OFF[rest] ?? rest };
          tokens[tokens.length - 1] = { ...last, kind: "word", text: "not" };
          continue;
        }
      }
      const full = Object.hasOwn(CONTRACTED, word) ? CONTRACTED[word] : undefined;
      write("word", full ?? word, /^\p{Lu}/u.test(piece));
      if (full) write("word", "not");
    } else if (!INVISIBLE.test(piece)) {
      if (piece === "@" || piece === "#") prefix = piece;
      else {
        prefix = "";
        write("mark", /^[’‘`´]$/u.test(piece) ? "'" : piece);
      }
    }
  }
  return tokens;
}

interface Node {
  readonly next: Map<string, Node>;
  /** The names that end here. */
  readonly names: number[];
}

/** The names' words as a tree, so that 100 names cost no more steps than the longest of them. */
function trieOf(names: readonly string[]): Node {
  const root: Node = { next: new Map(), names: [] };
  const add = (words: readonly string[], name: number) => {
    let node = root;
    for (const word of words) {
      const next = node.next.get(word) ?? { next: new Map(), names: [] };
      node.next.set(word, next);
      node = next;
    }
    if (words.length > 0) node.names.push(name);
  };
  for (const [index, name] of names.entries()) {
    const words = tokensOf(name).map(({ text }) => text);
    add(words, index);
    if (words.length > 1) add([words.join("")], index);
  }
  return root;
}

function longestName(root: Node, tokens: readonly Token[], start: number): { end: number; names: number[] } | null {
  let node: Node | undefined = root;
  let found: { end: number; names: number[] } | null = null;
  for (let at = start; node && at < tokens.length; ) {
    node = node.next.get(tokens[at]?.text ?? "");
    at++;
    if (node && node.names.length > 0) found = { end: at, names: node.names };
  }
  return found;
}
