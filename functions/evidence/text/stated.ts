import type { Item } from "./items.ts";

/** A side of the picture as its viewer sees it. `front` is nearer to the camera than `back`. */
export type Side = "left" | "right" | "middle" | "top" | "bottom" | "front" | "back";

/** The end of a row at which counting begins. */
export type RowEnd = "left" | "right" | "top" | "bottom";

/** A place in a row of people that the text lists. */
export interface StatedPlace {
  readonly kind: "row";
  /** Which of the text's lists, from 0. */
  readonly row: number;
  /** Where that row is among several, such as "back row" (above) and "seated" (below); null when nothing says so. */
  readonly level: "top" | "middle" | "bottom" | null;
  /** From 0, counted from the end `from`. */
  readonly index: number;
  /** How many people the list has, named or not; null when only the place is told ("second from left"). */
  readonly of: number | null;
  readonly from: RowEnd;
  /** Whether people who are not listed may stand behind the last: "from left", but not "from left to right". */
  readonly open: boolean;
}

/** One side ("on the left"), or a corner: a vertical side and a horizontal one. */
export interface StatedSide {
  readonly kind: "side";
  readonly sides: readonly Side[];
}

/** Where the text says that somebody is. */
export type Stated = StatedPlace | StatedSide;

/** The text of the item at an index; empty outside. */
export function textAt(items: readonly Item[], at: number): string {
  return items[at]?.text ?? "";
}

/** Whether a sentence ends before the item at this index. A dot after a title or an initial ends none. */
export function endsSentence(items: readonly Item[], at: number): boolean {
  const item = items[at];
  if (!item || /^[!?…。]$/u.test(item.text) || item.text === "\n\n") return true;
  if (item.text !== ".") return false;
  const before = items[at - 1];
  return !(before?.kind === "word" && (TITLES.has(before.text) || /^\p{L}$/u.test(before.text)));
}

/** Titles before a name. */
export const TITLES = new Set(
  "dr mr mrs ms miss st sir dame prof rev sen gov rep lt col gen capt sgt jr sr".split(" "),
);
