import type { Item } from "./items.ts";
import { type Side, type Stated, textAt } from "./stated.ts";

/** A phrase that tells a position, such as "on the far left", "second from right", "top left" or "L". */
export interface SidePhrase {
  readonly position: Stated;
  /** The index after its last item. */
  readonly end: number;
  /** `phrase`: begins with a preposition, or is an ordinal. `letter`: L, R, C or M. */
  readonly form: "phrase" | "word" | "letter";
}

const HORIZONTAL: Readonly<Record<string, Side>> = {
  left: "left",
  leftmost: "left",
  right: "right",
  rightmost: "right",
  middle: "middle",
  center: "middle",
  centre: "middle",
};
/** Left and right in Spanish, French, Italian, Portuguese, German and Dutch, Chinese and Japanese. */
export const LEFT_RIGHT: Readonly<Record<string, "left" | "right">> = {
  izquierda: "left",
  derecha: "right",
  gauche: "left",
  droite: "right",
  sinistra: "left",
  destra: "right",
  esquerda: "left",
  direita: "right",
  links: "left",
  rechts: "right",
  左: "left",
  右: "right",
};
const DEEP: Readonly<Record<string, Side>> = {
  top: "top",
  upper: "top",
  bottom: "bottom",
  lower: "bottom",
  front: "front",
  back: "back",
};
const LETTERS: Readonly<Record<string, Side>> = { l: "left", r: "right", c: "middle", m: "middle" };
const ORDINALS: Readonly<Record<string, number>> = {
  first: 0,
  "1st": 0,
  second: 1,
  "2nd": 1,
  third: 2,
  "3rd": 2,
  fourth: 3,
  "4th": 3,
  fifth: 4,
  "5th": 4,
  sixth: 5,
  "6th": 5,
};

/** The position phrase that begins at an index, or null. At most eight items are read. */
export function readSide(items: readonly Item[], start: number): SidePhrase | null {
  if (items[start]?.kind !== "word" || items[start].prefix) return null;
  let at = start;
  const foreign = readForeign(items, at);
  if (foreign) return foreign;
  // "Ana moved to the left": only beside a counterpart, or in parentheses.
  if (textAt(items, at) === "to" && /^(the|my|your)$/.test(textAt(items, at + 1))) {
    const found = own(HORIZONTAL, textAt(items, at + 2));
    const opened = /^[([]$/.test(textAt(items, at - 1));
    return found ? { position: side(found), end: pastCorner(items, at + 3), form: opened ? "word" : "letter" } : null;
  }
  const preposition = /^(on|at|in)$/.test(textAt(items, at));
  if (preposition) at++;
  if (/^(the|my|your)$/.test(textAt(items, at))) {
    // "the left" alone may be a party.
    if (!preposition && own(ORDINALS, textAt(items, at + 1)) === undefined) return null;
    at++;
  }
  const ordinal = own(ORDINALS, textAt(items, at));
  if (ordinal !== undefined) return readOrdinal(items, at + 1, ordinal);
  const far = /^(far|extreme)$/.test(textAt(items, at));
  if (far) at++;
  const word = textAt(items, at);
  const deep = own(DEEP, word);
  const across = own(HORIZONTAL, word);
  const form = preposition ? "phrase" : "word";
  if (deep && !far) {
    at += textAt(items, at + 1) === "-" && own(HORIZONTAL, textAt(items, at + 2)) ? 2 : 1;
    const corner = own(HORIZONTAL, textAt(items, at));
    if (corner) return { position: side(deep, corner), end: pastCorner(items, at + 1), form };
    if (word === "upper" || word === "lower") return null;
    return { position: side(deep), end: textAt(items, at) === "row" ? at + 1 : pastCorner(items, at), form };
  }
  if (across) return { position: side(across), end: pastCorner(items, at + 1), form };
  const letter = own(LETTERS, word);
  if (!letter || at !== start) return null;
  const dotted = textAt(items, at + 1) === "." && /^[)\]]$/.test(textAt(items, at + 2));
  return { position: side(letter), end: dotted ? at + 2 : at + 1, form: "letter" };
}

/** "A la izquierda", "à droite", "rechts". "Links" alone also means other things. */
function readForeign(items: readonly Item[], start: number): SidePhrase | null {
  const preposition = /^(a|à)$/.test(textAt(items, start));
  let at = preposition ? start + 1 : start;
  if (preposition && textAt(items, at) === "la") at++;
  const word = textAt(items, at);
  const found = own(LEFT_RIGHT, word);
  if (!found) return null;
  return { position: side(found), end: at + 1, form: preposition ? "phrase" : word === "links" ? "letter" : "word" };
}

/** Whether two phrases tell different places along the same direction, so that one makes the other plausible. */
export function areCounterparts(a: Stated, b: Stated): boolean {
  const directions = (stated: Stated) => (stated.kind === "row" ? ["across"] : stated.sides.map(directionOf));
  const key = (stated: Stated) => (stated.kind === "row" ? `${stated.index} ${stated.from}` : stated.sides.join(" "));
  const known = new Set(directions(a));
  return key(a) !== key(b) && directions(b).some((direction) => known.has(direction));
}

function directionOf(value: Side): "across" | "down" | "deep" {
  if (value === "top" || value === "bottom") return "down";
  return value === "front" || value === "back" ? "deep" : "across";
}

function readOrdinal(items: readonly Item[], start: number, index: number): SidePhrase | null {
  let at = start;
  if (/^(from|on|to)$/.test(textAt(items, at))) at++;
  if (/^(the|far)$/.test(textAt(items, at))) at++;
  const word = textAt(items, at);
  const from = own(HORIZONTAL, word) ?? (at > start ? own(LETTERS, word) : undefined);
  if (from !== "left" && from !== "right") return null;
  const position = { kind: "row", row: 0, level: null, index, of: null, from, open: true } as const;
  return { position, end: at + 1, form: "phrase" };
}

/** Past "photo" ("left photo"), "side", "hand side" and "of the picture". */
function pastCorner(items: readonly Item[], start: number): number {
  let at = start;
  if (PICTURE.test(textAt(items, at))) return at + 1;
  if (textAt(items, at) === "-" && textAt(items, at + 1) === "hand") at++;
  if (textAt(items, at) === "hand" && textAt(items, at + 1) === "side") at++;
  if (textAt(items, at) === "side") at++;
  if (textAt(items, at) === "of" || textAt(items, at) === "in") {
    const noun = /^(the|this|my|our)$/.test(textAt(items, at + 1)) ? at + 2 : at + 1;
    if (PICTURE.test(textAt(items, noun))) return noun + 1;
  }
  return at;
}

/** Words for the post's picture. */
export const PICTURE =
  /^(picture|pictures|photo|photos|photograph|photographs|pic|pics|image|images|shot|frame|selfie|snap)$/;

function side(...sides: Side[]): Stated {
  return { kind: "side", sides };
}

function own<Value>(table: Readonly<Record<string, Value>>, key: string): Value | undefined {
  return Object.hasOwn(table, key) ? table[key] : undefined;
}
