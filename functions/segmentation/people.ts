import { boxArea, encloseBoxes, intersectBoxes, scaleBox } from "../../schemas/geometry.ts";
import type { Box, RleMask, Size } from "../../schemas/primitives.ts";
import { rleArea, rleDifference, rleIntersection, rleUnion } from "../../schemas/rle.ts";
import type { Picture } from "../pictures.ts";
import type { Pause } from "../queue.ts";
import { components } from "./components.ts";
import { cropPixels } from "./crop.ts";
import { divide, nearestCentre } from "./divide.ts";
import { type Cut, cutByColour, GRABCUT, type GrabCut, segmentByColour } from "./grabcut.ts";
import { fitsBox, placeBeyond, placeMask } from "./mask.ts";
import { PERSON_METHOD, type PersonCutter, placePerson } from "./person.ts";
import { bytesFrom, resample } from "./plane.ts";
import { attempt, type Outcome } from "./segment.ts";

/** Cells of the long side of the grid on which people are divided, for few and for many of them. */
const [SIDE, SIDE_OF_MANY, MANY] = [320, 160, 5];
/** Parts of a person smaller than this share of the largest go to the neighbour around them. Set by hand. */
const LEAST_PART = 0.1;

/** A person's box, what was cut out of the crop around it, and how. */
interface Found {
  readonly box: Box;
  readonly cut: Cut;
  readonly method: string;
}

/** Makes the masks of the people in boxes; `others` are boxes of people who get no mask. */
export type SegmentPeople = (
  picture: Picture,
  boxes: readonly Box[],
  others: readonly Box[],
  pause: Pause,
) => Promise<readonly Outcome[]>;

/**
 * Segments people: each by the crop around its box. Those whose boxes overlap then divide among them what was found,
 * so that their masks share no pixel.
 */
export function createPeopleSegmenter(cutPerson: PersonCutter["cut"], grabCut: GrabCut): SegmentPeople {
  return async (picture, boxes, others, pause) => {
    const outcomes: Outcome[] = boxes.map(() => null);
    const all = [...boxes, ...others];
    for (const group of groupsOf(all)) {
      const found = new Map<number, Found>();
      for (const index of group.filter((member) => member < boxes.length)) {
        await pause();
        const box = boxes[index] as Box;
        const result = await attempt(async () => {
          const cut = await cutPerson(picture, box);
          if (group.length === 1) return placePerson(cut, picture, box) ?? segmentByColour(grabCut, picture, box);
          const mask = placeMask({ ...cut.crop, data: cut.data }, 0.5, picture, box);
          if (mask && fitsBox(mask, box)) found.set(index, { box, cut, method: PERSON_METHOD });
          else found.set(index, { box, cut: await cutByColour(grabCut, picture, box), method: GRABCUT });
          return null;
        });
        outcomes[index] = result;
      }
      if (found.size === 0) continue;
      const rivals = group.filter((index) => !found.has(index)).map((index) => all[index] as Box);
      const divided = await attempt(() => divideFound(picture, [...found.values()], rivals, pause));
      // What stops the prediction stops it; any other failure costs this group its masks.
      if (divided instanceof Error) await pause();
      [...found.keys()].forEach((index, place) => {
        outcomes[index] = divided instanceof Error ? divided : (divided[place] ?? null);
      });
    }
    return outcomes;
  };
}

/** The boxes that overlap directly or through others, as groups of their indices. */
function groupsOf(boxes: readonly Box[]): number[][] {
  let groups: number[][] = [];
  boxes.forEach((box, index) => {
    const touches = (group: number[]) => group.some((other) => boxArea(intersectBoxes(box, boxes[other] as Box)) > 0);
    const joined = groups.filter(touches).flat();
    groups = [...groups.filter((group) => !touches(group)), [...joined, index].toSorted((a, b) => a - b)];
  });
  return groups;
}

/**
 * The masks of people whose boxes overlap, one for each that was found; `rivals` take their parts and get no mask. The
 * scores are null, as those of people alone (`placePerson`).
 */
async function divideFound(
  picture: Picture,
  found: readonly Found[],
  rivals: readonly Box[],
  pause: Pause,
): Promise<Outcome[]> {
  const frame = found.map(({ cut }) => cut.crop.box).reduce(encloseBoxes);
  const longSide = found.length + rivals.length < MANY ? SIDE : SIDE_OF_MANY;
  const scale = longSide / Math.max(frame.xmax - frame.xmin, frame.ymax - frame.ymin);
  const size = {
    width: Math.max(1, Math.round((frame.xmax - frame.xmin) * scale)),
    height: Math.max(1, Math.round((frame.ymax - frame.ymin) * scale)),
  };
  const crowd = {
    pixels: await cropPixels(picture, { ...size, box: frame }),
    people: peopleOn(found, frame, size),
    boxes: [...found.map(({ box }) => box), ...rivals].map((box) => toCells(box, frame, size)),
  };
  const cuts = found.flatMap(({ cut }) => placeMask({ ...cut.crop, data: cut.data }, 0.5, picture, cut.crop.box) ?? []);
  const [first, ...more] = cuts;
  if (!first) return found.map(() => null);
  const people = more.reduce(rleUnion, first);
  const parts = (owner: Int8Array) => {
    const territory = spread(withoutSpecks(owner, size), size);
    return found.map(({ box, cut }, index) => {
      const own = bytesFrom(territory, (label) => (label === index ? 1 : 0));
      const place = (limit: Box) => {
        const part = placeMask({ data: own, ...size, box: frame }, 0.5, picture, limit);
        const mask = part && rleIntersection(people, part);
        return mask && rleArea(mask) > 0 ? mask : null;
      };
      const mask = placeBeyond(place, cut.crop.box, box);
      return mask && fitsBox(mask, box) ? mask : null;
    });
  };
  const lost = (masks: ReadonlyArray<RleMask | null>) => masks.filter((mask) => !mask).length;
  let masks = parts(await divide(crowd, pause));
  // Where a person would lose their mask, a coarse division that leaves more of them one is better.
  if (lost(masks) > 0) {
    const coarse = parts(nearestCentre(crowd));
    if (lost(coarse) < lost(masks)) masks = coarse;
    keepLost(masks, found, picture);
  }
  return found.map(({ method }, index) => {
    const mask = masks[index];
    return mask ? { mask, score: null, method } : null;
  });
}

/**
 * Give each person without a mask what was found in the crop around their box, in place: behind the others where
 * enough of it can be seen, else in front of them if all of them keep enough.
 */
function keepLost(masks: Array<RleMask | null>, found: readonly Found[], picture: Picture): void {
  for (const [index, { box, cut }] of found.entries()) {
    if (masks[index]) continue;
    const own = placeMask({ ...cut.crop, data: cut.data }, 0.5, picture, box);
    if (!own) continue;
    const others = masks.flatMap((mask, other) => (mask ? [{ other, mask }] : []));
    const behind = others.reduce((rest, { mask }) => rleDifference(rest, mask), own);
    const yielding = others.map(({ other, mask }) => ({ other, mask: rleDifference(mask, own) }));
    if (fitsBox(behind, box)) masks[index] = behind;
    else if (fitsBox(own, box) && yielding.every(({ other, mask }) => fitsBox(mask, (found[other] as Found).box))) {
      masks[index] = own;
      for (const { other, mask } of yielding) masks[other] = mask;
    }
  }
}

function toCells(box: Box, frame: Box, { width, height }: Size): Box {
  const { xmin, ymin, xmax, ymax } = frame;
  const moved = { xmin: box.xmin - xmin, ymin: box.ymin - ymin, xmax: box.xmax - xmin, ymax: box.ymax - ymin };
  return scaleBox(moved, width / (xmax - xmin), height / (ymax - ymin));
}

/** 1 where any of the cuts shows a person, on a grid over `frame`. */
function peopleOn(found: readonly Found[], frame: Box, { width, height }: Size): Uint8Array {
  const people = new Uint8Array(width * height);
  for (const { cut } of found) {
    const { data } = resample({ ...cut.crop, data: cut.data }, frame, width, height);
    const crop = toCells(cut.crop.box, frame, { width, height });
    for (let y = Math.max(0, Math.ceil(crop.ymin - 0.5)); y < Math.min(height, crop.ymax - 0.5); y++) {
      for (let x = Math.max(0, Math.ceil(crop.xmin - 0.5)); x < Math.min(width, crop.xmax - 0.5); x++)
        if ((data[y * width + x] ?? 0) > 0.5) people[y * width + x] = 1;
    }
  }
  return people;
}

/** The labels without the small parts of each: those become -1, like the cells of nobody. */
function withoutSpecks(owner: Int8Array, size: Size): Int8Array {
  const kept = new Int8Array(owner.length).fill(-1);
  const most = owner.reduce((highest, label) => Math.max(highest, label), -1);
  for (let label = 0; label <= most; label++) {
    const parts = components(
      bytesFrom(owner, (value) => (value === label ? 1 : 0)),
      size,
      1,
    );
    const largest = parts.reduce((length, { cells }) => Math.max(length, cells.length), 0);
    for (const { cells } of parts) {
      if (cells.length < LEAST_PART * largest) continue;
      for (const cell of cells) kept[cell] = label;
    }
  }
  return kept;
}

/** Each cell that has no label gets the nearest one's (by steps to the four sides): outlines are finer than cells. */
function spread(labels: Int8Array, { width, height }: Size): Int8Array {
  const filled = labels.slice();
  const queue = new Int32Array(filled.length);
  let length = 0;
  filled.forEach((label, cell) => {
    if (label >= 0) queue[length++] = cell;
  });
  for (let next = 0; next < length; next++) {
    const cell = queue[next] ?? 0;
    const x = cell % width;
    const reach = (other: number) => {
      if ((filled[other] ?? 0) >= 0) return;
      filled[other] = filled[cell] ?? 0;
      queue[length++] = other;
    };
    if (x > 0) reach(cell - 1);
    if (x < width - 1) reach(cell + 1);
    if (cell >= width) reach(cell - width);
    if (cell < width * (height - 1)) reach(cell + width);
  }
  return filled;
}
