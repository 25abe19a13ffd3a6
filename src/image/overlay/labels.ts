import { boxArea, intersectBoxes } from "../../../schemas/geometry.ts";
import type { Box, Size } from "../../../schemas/primitives.ts";

/** A label to place at a box, in pixels of the drawing: whole, or short (an id that the legend explains). */
export interface LabelRequest {
  readonly box: Box;
  readonly whole: Size;
  readonly short: Size;
}

/** Where a label goes, and in which of its two forms. */
export interface LabelPlace {
  readonly form: "whole" | "short";
  readonly place: Box;
}

/**
 * Finds a place for each label, at its box and inside the frame. No two labels overlap, and no whole label hides a box
 * or touches what is to stay clear. If not all fit whole, every label first gets a place for its short form, that which
 * covers least of what is to stay clear; then those that still fit are made whole. Returns null for a label when not
 * even its short form fits.
 *
 * @param clear what labels leave free where there is room elsewhere, such as faces, in pixels of the drawing
 */
export function placeLabels(
  requests: readonly LabelRequest[],
  clear: readonly Box[],
  frame: Size,
): Array<LabelPlace | null> {
  const boxes = requests.map(({ box }) => box);
  const places: Array<LabelPlace | null> = requests.map(() => null);
  const covered = (place: Box) => clear.reduce((sum, box) => sum + shared(place, box), 0);
  const isGood = (place: Box) => covered(place) === 0 && boxes.every((box) => !hides(place, box));
  const put = (index: number, form: LabelPlace["form"]) => {
    const request = requests[index];
    if (!request) return;
    const taken = places.flatMap((other, at) => (other && at !== index ? [other.place] : []));
    const free = freePlaces(request.box, request[form], frame, taken);
    const place = free.find(isGood) ?? (form === "short" ? leastOf(free, covered) : undefined);
    if (place) places[index] = { form, place };
  };
  for (const index of requests.keys()) put(index, "whole");
  if (!places.includes(null)) return places;
  places.fill(null);
  for (const index of requests.keys()) put(index, "short");
  for (const index of requests.keys()) put(index, "whole");
  return places;
}

/** A label hides a box when it covers more than this share of it. Set by hand. */
const HIDDEN = 0.25;

const shared = (a: Box, b: Box) => boxArea(intersectBoxes(a, b));
const hides = (label: Box, box: Box) => shared(label, box) > HIDDEN * boxArea(box);

/** The place of which least is covered, the first of equals. */
function leastOf(places: readonly Box[], covered: (place: Box) => number): Box | undefined {
  let [best, least] = [places[0], Number.POSITIVE_INFINITY];
  for (const place of places) {
    const area = covered(place);
    if (area < least) [best, least] = [place, area];
  }
  return best;
}

/** The places inside the frame that overlap no other label, best first. */
function freePlaces(box: Box, size: Size, frame: Size, taken: readonly Box[]): Box[] {
  if (size.width > frame.width || size.height > frame.height) return [];
  return cornersOf(box, size)
    .map((corner) => inside(corner, size, frame))
    .filter((place) => taken.every((other) => shared(place, other) === 0));
}

/**
 * Possible top left corners of a label at its box, best first: above the box, below it, inside its bottom edge, inside
 * its top edge, along its sides, then one and two lines away from it.
 */
function cornersOf({ xmin, ymin, xmax, ymax }: Box, { width, height }: Size): Array<{ x: number; y: number }> {
  const at = (rows: readonly number[], columns: readonly number[]) =>
    rows.flatMap((y) => columns.map((x) => ({ x, y })));
  const sides: number[] = [];
  for (let y = ymin; y < ymax; y += height) sides.push(y);
  return [
    ...at([ymin - height, ymax, ymax - height, ymin], [xmin, xmax - width]),
    ...at(sides, [xmin, xmax - width, xmax, xmin - width]),
    ...at([ymin - 2 * height, ymax + height, ymin - 3 * height, ymax + 2 * height], [xmin, xmax - width]),
  ];
}

function inside({ x, y }: { x: number; y: number }, { width, height }: Size, frame: Size): Box {
  const xmin = Math.max(0, Math.min(x, frame.width - width));
  const ymin = Math.max(0, Math.min(y, frame.height - height));
  return { xmin, ymin, xmax: xmin + width, ymax: ymin + height };
}
