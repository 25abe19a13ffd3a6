import { boxArea, intersectBoxes } from "../../../schemas/geometry.ts";
import type { Box, Size } from "../../../schemas/primitives.ts";

/** A label that is wanted at a box, in pixels of the drawing: whole, or short (an id that is explained elsewhere). */
export interface LabelRequest {
  readonly box: Box;
  readonly whole: Size;
  readonly short: Size;
}

/** Where a label goes, and which of its two forms. */
export interface LabelPlace {
  readonly form: "whole" | "short";
  readonly place: Box;
}

/**
 * A place for each label at its box, inside the frame; no two touch the same pixel. A whole one hides no box either.
 * Where there is no room for all of them whole, each is first found a place for its short form, and those that still
 * can are made whole. Null where not even the short form has room.
 */
export function placeLabels(requests: readonly LabelRequest[], frame: Size): Array<LabelPlace | null> {
  const boxes = requests.map(({ box }) => box);
  const places: Array<LabelPlace | null> = requests.map(() => null);
  const put = (index: number, form: LabelPlace["form"]) => {
    const request = requests[index];
    if (!request) return;
    const taken = places.flatMap((other, at) => (other && at !== index ? [other.place] : []));
    const free = freePlaces(request.box, request[form], frame, taken);
    const place =
      free.find((candidate) => boxes.every((box) => !hides(candidate, box))) ??
      (form === "short" ? free[0] : undefined);
    if (place) places[index] = { form, place };
  };
  for (const index of requests.keys()) put(index, "whole");
  if (!places.includes(null)) return places;
  places.fill(null);
  for (const index of requests.keys()) put(index, "short");
  for (const index of requests.keys()) put(index, "whole");
  return places;
}

/** A label that covers more of a box than this share hides what the box shows. */
const HIDDEN = 0.25;

const shared = (a: Box, b: Box) => boxArea(intersectBoxes(a, b));
const hides = (label: Box, box: Box) => shared(label, box) > HIDDEN * boxArea(box);

/** The places inside the frame that touch no label, best first. */
function freePlaces(box: Box, size: Size, frame: Size, taken: readonly Box[]): Box[] {
  if (size.width > frame.width || size.height > frame.height) return [];
  return cornersOf(box, size)
    .map((corner) => inside(corner, size, frame))
    .filter((place) => taken.every((other) => shared(place, other) === 0));
}

/**
 * Top left corners of a label at its box, best first: above, under its top edge, below, over its bottom edge, then down
 * its sides.
 */
function cornersOf({ xmin, ymin, xmax, ymax }: Box, { width, height }: Size): Array<{ x: number; y: number }> {
  const rows = [ymin - height, ymin, ymax, ymax - height];
  const sides: number[] = [];
  for (let y = ymin; y < ymax; y += height) sides.push(y);
  return [
    ...rows.flatMap((y) => [
      { x: xmin, y },
      { x: xmax - width, y },
    ]),
    ...sides.flatMap((y) => [xmin, xmax - width, xmax, xmin - width].map((x) => ({ x, y }))),
  ];
}

function inside({ x, y }: { x: number; y: number }, { width, height }: Size, frame: Size): Box {
  const xmin = Math.max(0, Math.min(x, frame.width - width));
  const ymin = Math.max(0, Math.min(y, frame.height - height));
  return { xmin, ymin, xmax: xmin + width, ymax: ymin + height };
}
