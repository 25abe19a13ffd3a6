import type { Item } from "./items.ts";
import { type Listed, readList, readListBefore } from "./list.ts";
import { LEFT_RIGHT } from "./sides.ts";
import { endsSentence, type RowEnd, type Side, type Stated, type StatedPlace, textAt } from "./stated.ts";

/** Words that say in which order people are listed. */
interface Marker {
  /** Index after the last item, colon and parenthesis included. */
  readonly end: number;
  readonly order:
    | { readonly from: RowEnd; readonly open: boolean }
    | { readonly corners: ReadonlyArray<readonly Side[]> };
  readonly level: StatedPlace["level"];
  /** Whether only a word such as "top" makes it a marker, which may as well tell one person's side. */
  readonly isSide: boolean;
  /** Whether a colon ends it, so that the list must follow. */
  readonly introduces: boolean;
}

/** What a marker tells of each listed name, and where reading goes on. */
export interface Row {
  readonly end: number;
  readonly places: ReadonlyArray<{ readonly names: readonly number[]; readonly position: Stated }>;
}

const ENDS: Readonly<Record<string, RowEnd>> = {
  left: "left",
  l: "left",
  right: "right",
  r: "right",
  top: "top",
  bottom: "bottom",
  ...LEFT_RIGHT,
};
const OPPOSITE: Readonly<Record<RowEnd, RowEnd>> = { left: "right", right: "left", top: "bottom", bottom: "top" };
const LEVELS: Readonly<Record<string, "top" | "middle" | "bottom">> = {
  back: "top",
  top: "top",
  standing: "top",
  middle: "middle",
  center: "middle",
  front: "bottom",
  bottom: "bottom",
  seated: "bottom",
  sitting: "bottom",
  kneeling: "bottom",
};
/** "From", "to" and "the", also in the languages of `LEFT_RIGHT`. */
const FROM = /^(from|de|da|desde|du|von|van)$/;
const TO = /^(to|2|a|à|para|nach|naar)$/;
const THE = /^(the|a|la)$/;
const ARROWS = /^[-–—‑→➡/>⇒]$/u;
const CORNERS: ReadonlyArray<readonly Side[]> = [
  ["top", "left"],
  ["top", "right"],
  ["bottom", "right"],
  ["bottom", "left"],
];
const POINTS: ReadonlyArray<readonly Side[]> = [["top"], ["right"], ["bottom"], ["left"]];

/**
 * The row that a marker at this index lists, after it ("L-R: Ana, Berta") or before it ("Ana and Berta (l-r)"); null
 * when there is no marker. A marker without two listed people gives no places.
 * @param row number of the row
 * @param least where the text begins that no earlier row has read
 */
export function readRow(items: readonly Item[], start: number, row: number, least: number): Row | null {
  const marker = readMarker(items, start);
  if (!marker) return null;
  const stop = (at: number) => readMarker(items, at) !== null;
  const after = readList(items, marker.end, stop);
  const opens = /^[([]$/.test(textAt(items, start));
  const comma = /^[,–—-]$/u.test(textAt(items, start - 1));
  const previous = items[start - (comma ? 2 : 1)];
  let listed: Listed[] = [];
  if (marker.introduces || previous?.kind !== "name" || !startsList(items, marker.end, opens)) listed = after;
  else if (comma) listed = [previous.names, ...after];
  const some = listed.length > 1 && listed.some((names) => names !== null);
  if (!some && !marker.introduces) listed = readListBefore(items, comma ? start - 1 : start, least);
  if (listed.length < 2 && marker.isSide) return null;
  if (listed.length < 2 && !(marker.level && listed.length === 1)) return { end: marker.end, places: [] };
  const places = listed.flatMap((names, index) => {
    const position = names && positionOf(marker, row, index, listed.length);
    return names && position ? [{ names, position }] : [];
  });
  return { end: marker.end, places };
}

/** Whether a list goes on after a marker that stands behind a name: "Ana, from left, Berta and Clara". */
function startsList(items: readonly Item[], at: number, parenthesis: boolean): boolean {
  return !parenthesis && textAt(items, at - 1) === "," && items[at]?.kind === "name";
}

function positionOf({ order, level }: Marker, row: number, index: number, of: number): Stated | null {
  if ("from" in order) return { kind: "row", row, level, index, of, ...order };
  // People around a table can be told apart when each has a corner or a side.
  const sides = of === order.corners.length ? order.corners[index] : undefined;
  return sides ? { kind: "side", sides } : null;
}

function readMarker(items: readonly Item[], start: number): Marker | null {
  let at = start;
  const opens = /^[([]$/.test(textAt(items, at));
  if (opens) at++;
  else if (!/^\p{L}/u.test(textAt(items, at)) || items[at]?.kind !== "word") return null;
  if (textAt(items, at) === "pictured" || textAt(items, at) === "photo") at++;
  const levelled = readLevel(items, at);
  if (levelled) at = levelled.end;
  if (levelled && /^[,(]$/.test(textAt(items, at)) && readOrder(items, at + 1)) at++;
  const ordered = readOrder(items, at);
  if (!ordered && !(levelled && textAt(items, at) === ":" && isBoundary(items, start))) return null;
  if (ordered) at = ordered.end;
  const closes = /^[)\]]$/.test(textAt(items, at));
  if (closes) at++;
  const introduces = /^[:=]$/.test(textAt(items, at)) || /^(are|is)$/.test(textAt(items, at));
  if (introduces) at++;
  const separated = textAt(items, at) === "," || /^[-–—]$/.test(textAt(items, at)) || textAt(items, at) === "\n";
  // "From left" and "left-right" also mean other things, so that they need a sign which sets them apart.
  const apart = opens || introduces || separated || at >= items.length || textAt(items, start - 1) === ",";
  if (ordered?.needsSign && !apart && !endsSentence(items, at)) return null;
  if (separated) at++;
  const order = ordered?.order ?? { from: "left", open: false };
  const isSide = !ordered && levelled?.isSide === true;
  return { end: at, order, level: levelled?.level ?? null, isSide, introduces };
}

function isBoundary(items: readonly Item[], at: number): boolean {
  const before = items[at - 1];
  return !before || before.kind === "mark" || before.kind === "line" || /^(and|the)$/.test(before.text);
}

/** "Back row", "standing", or "front" before a colon. */
function readLevel(
  items: readonly Item[],
  at: number,
): { end: number; level: StatedPlace["level"]; isSide: boolean } | null {
  const word = textAt(items, at);
  const level = Object.hasOwn(LEVELS, word) ? LEVELS[word] : undefined;
  if (!level) return null;
  const row = textAt(items, at + 1) === "row";
  // "Top to bottom" and "top left" are other phrases.
  if (!row && !/^[:,(]$/.test(textAt(items, at + 1))) return null;
  return { end: at + (row ? 2 : 1), level, isSide: !row && !/ing$|^seated$/.test(word) };
}

type Ordered = { readonly end: number; readonly order: Marker["order"]; readonly needsSign: boolean };

function readOrder(items: readonly Item[], start: number): Ordered | null {
  let at = start;
  const clock = /^(clockwise|counterclockwise|anticlockwise|counter|anti)$/.test(textAt(items, at));
  if (clock) return readClock(items, at);
  const from = FROM.test(textAt(items, at));
  if (from) at++;
  if (from && THE.test(textAt(items, at))) at++;
  if (!from && /^(ltr|lr|l2r)$/.test(textAt(items, at)))
    return { end: at + 1, order: { from: "left", open: false }, needsSign: true };
  const first = endOf(items, at);
  if (!first) return null;
  if (isAbbreviated(items, at)) at++;
  const arrow = textAt(items, at + 1);
  if (ARROWS.test(arrow) || TO.test(arrow)) {
    // "L->R" and "left-to-right".
    const parts = [2, 3].map((ahead) => textAt(items, at + ahead)).join("");
    const skip = arrow !== "-" ? 2 : parts.startsWith(">") ? 3 : parts === "to-" ? 4 : 2;
    const second = THE.test(textAt(items, at + skip)) ? skip + 1 : skip;
    if (endOf(items, at + second) === OPPOSITE[first]) {
      const isPlain = TO.test(arrow) || (arrow !== "/" && /^[lr]$/.test(textAt(items, at)));
      const end = at + second + (isAbbreviated(items, at + second) ? 2 : 1);
      return { end, order: { from: first, open: false }, needsSign: !isPlain };
    }
  }
  return from ? { end: at + 1, order: { from: first, open: true }, needsSign: true } : null;
}

/** "l." and "r.". */
function isAbbreviated(items: readonly Item[], at: number): boolean {
  return /^[lr]$/.test(textAt(items, at)) && textAt(items, at + 1) === "." && items[at + 2] !== undefined;
}

function endOf(items: readonly Item[], at: number): RowEnd | undefined {
  const word = textAt(items, at);
  return Object.hasOwn(ENDS, word) ? ENDS[word] : undefined;
}

/** "Clockwise from top left": the four corners or the four sides, from the one that is named on. */
function readClock(items: readonly Item[], start: number): Ordered | null {
  let at = start;
  const backwards = textAt(items, at) !== "clockwise";
  at++;
  if (/^(counter|anti)$/.test(textAt(items, start))) {
    if (textAt(items, at) === "-") at++;
    if (textAt(items, at) !== "clockwise") return null;
    at++;
  }
  if (textAt(items, at) === ",") at++;
  if (textAt(items, at) !== "from") return null;
  at++;
  if (textAt(items, at) === "the") at++;
  const vertical = /^(top|upper)$/.test(textAt(items, at))
    ? "top"
    : /^(bottom|lower)$/.test(textAt(items, at))
      ? "bottom"
      : null;
  const next = vertical ? at + (textAt(items, at + 1) === "-" ? 2 : 1) : at;
  const across = endOf(items, next);
  const sides = [vertical, across].filter((value) => value !== null && value !== undefined);
  const ring = sides.length === 2 ? CORNERS : POINTS;
  const first = ring.findIndex((corner) => corner.join() === sides.join());
  if (first < 0) return null;
  const corners = ring.map((_, index) => ring[(first + (backwards ? 4 - index : index)) % 4] ?? []);
  return { end: across ? next + 1 : next, order: { corners }, needsSign: false };
}
