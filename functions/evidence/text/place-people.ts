import type { Box, Size } from "../../../schemas/primitives.ts";
import type { RowEnd, Side, Stated, StatedPlace } from "./stated.ts";

type Boxes = readonly Box[];

/**
 * Which box each stated position means: an index into `boxes`, or null where the text and the boxes do not tell, for
 * example when a row lists three people and there are two boxes. No box is given twice. The order of the boxes does not
 * matter.
 * @param boxes everybody in the picture, in its pixels
 * @param size of the picture
 */
export function placePeople(
  stated: ReadonlyArray<Stated | null>,
  boxes: readonly Box[],
  size: Size,
): Array<number | null> {
  const rows = splitRows(stated, boxes);
  const found = stated.map((position) => {
    if (!position || boxes.length < 2) return null;
    return position.kind === "side" ? bySides(position.sides, boxes, size) : byPlace(position, boxes, rows);
  });
  const times = new Map<number, number>();
  for (const box of found) if (box !== null) times.set(box, (times.get(box) ?? 0) + 1);
  return found.map((box) => (box !== null && times.get(box) === 1 ? box : null));
}

/**
 * The boxes of each listed row, by row number. Several rows need a level each and as many boxes as people. Whoever
 * stands higher in the picture is in the higher row, by the top edge, because people in front hide the lower edges.
 */
function splitRows(stated: ReadonlyArray<Stated | null>, boxes: Boxes): ReadonlyMap<number, readonly number[]> {
  const lists = new Map<number, StatedPlace>();
  for (const position of stated)
    if (position?.kind === "row" && position.of !== null) lists.set(position.row, position);
  const all = boxes.map((_, index) => index);
  if (lists.size < 2) return new Map([...lists.keys()].map((row) => [row, all]));
  const ranks = { top: 0, middle: 1, bottom: 2 };
  const ordered = [...lists.values()].toSorted((a, b) => rank(a) - rank(b));
  const isTold =
    ordered.every(({ level }) => level !== null) &&
    new Set(ordered.map(({ level }) => level)).size === ordered.length &&
    ordered.reduce((sum, { of }) => sum + (of ?? 0), 0) === boxes.length;
  const result = new Map<number, readonly number[]>();
  if (!isTold) return result;
  const top = (index: number) => boxes[index]?.ymin ?? 0;
  const downward = all.toSorted((a, b) => top(a) - top(b));
  let next = 0;
  for (const { row, of } of ordered) {
    const end = next + (of ?? 0);
    // Nobody knows in which row two equal heads are.
    if (end < downward.length && top(downward[end - 1] ?? 0) === top(downward[end] ?? 0)) return new Map();
    result.set(row, downward.slice(next, end));
    next = end;
  }
  return result;

  function rank({ level }: StatedPlace): number {
    return level === null ? -1 : ranks[level];
  }
}

function byPlace(place: StatedPlace, boxes: Boxes, rows: ReadonlyMap<number, readonly number[]>): number | null {
  const among = place.of === null ? boxes.map((_, index) => index) : rows.get(place.row);
  if (!among || (place.of !== null && (place.open ? among.length < place.of : among.length !== place.of))) return null;
  return nth(among, place.index, (index) => distance(boxes[index], place.from));
}

/** How far a box's centre is from a side, up to a constant. */
function distance(box: Box | undefined, from: RowEnd): number {
  if (!box) return Number.POSITIVE_INFINITY;
  const [x, y] = [box.xmin + box.xmax, box.ymin + box.ymax];
  return { left: x, right: -x, top: y, bottom: -y }[from];
}

function bySides(sides: readonly Side[], boxes: Boxes, { width, height }: Size): number | null {
  const all = boxes.map((_, index) => index);
  const [side, across] = sides;
  if (!side) return null;
  if (across) return inCorner(side, across, boxes, { width, height });
  if (side === "middle") {
    return boxes.length % 2 === 1 ? nth(all, (boxes.length - 1) / 2, (index) => distance(boxes[index], "left")) : null;
  }
  if (side === "front" || side === "back") return inDepth(side, boxes);
  return nth(all, 0, (index) => distance(boxes[index], side));
}

/** The box nearest to a corner, if its centre is on that corner's side of the mean centre. */
function inCorner(vertical: Side, across: Side, boxes: Boxes, { width, height }: Size): number | null {
  const x = ({ xmin, xmax }: Box) => (xmin + xmax) / 2 / width;
  const y = ({ ymin, ymax }: Box) => (ymin + ymax) / 2 / height;
  const down = vertical === "bottom" || vertical === "front" ? -1 : 1;
  const along = across === "right" ? -1 : 1;
  const meanX = boxes.reduce((sum, box) => sum + x(box), 0) / boxes.length;
  const meanY = boxes.reduce((sum, box) => sum + y(box), 0) / boxes.length;
  const fits = boxes.flatMap((box, index) => {
    const level = down * (y(box) - meanY) < 0;
    const beside = across === "middle" || along * (x(box) - meanX) < 0;
    return level && beside ? [index] : [];
  });
  const reach = (box: Box | undefined) => {
    if (!box) return Number.POSITIVE_INFINITY;
    return down * y(box) + (across === "middle" ? Math.abs(x(box) - meanX) : along * x(box));
  };
  return nth(fits, 0, (index) => reach(boxes[index]));
}

/** Whoever is in front is the largest and reaches lowest; whoever is at the back is the smallest and ends highest. */
function inDepth(side: "front" | "back", boxes: Boxes): number | null {
  const all = boxes.map((_, index) => index);
  const sign = side === "front" ? -1 : 1;
  const byEdge = nth(all, 0, (index) => sign * (boxes[index]?.ymax ?? 0));
  const byHeight = nth(all, 0, (index) => sign * ((boxes[index]?.ymax ?? 0) - (boxes[index]?.ymin ?? 0)));
  return byEdge === byHeight ? byEdge : null;
}

/** The index with the nth smallest value, from 0; null when another has the same value, because then nothing tells. */
function nth(indices: readonly number[], place: number, value: (index: number) => number): number | null {
  const sorted = indices.toSorted((a, b) => value(a) - value(b));
  const found = sorted[place];
  if (found === undefined) return null;
  const same = sorted.filter((index) => Math.abs(value(index) - value(found)) < 1e-9);
  return same.length === 1 ? found : null;
}
