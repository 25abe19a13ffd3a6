import { boxArea, boxIou, intersectBoxes } from "../../schemas/geometry.ts";
import { LIMITS } from "../../schemas/limits.ts";
import type { Box, Size } from "../../schemas/primitives.ts";
import type { Pixels } from "../pictures.ts";
import type { Pause } from "../queue.ts";
import { COLOUR_BINS, colourBins, labColours } from "./colour.ts";
import { MinCut } from "./min-cut.ts";
import { bytesFrom } from "./plane.ts";

/** A grid of cells in which people touch. `people` is 1 where a cell shows any of them; `boxes` are in cells. */
export interface Crowd {
  readonly pixels: Pixels;
  readonly people: Uint8Array;
  readonly boxes: readonly Box[];
}

/** How far a person may reach beyond a box, as a share of its sides: detectors' boxes are that wrong. */
const SLACK = 0.04;
/**
 * What a cell costs: its distance from the axis of the front person's box, squared, or a constant for the one behind;
 * its distance outside the box, squared, in units of 5 % of the side; and the surprise of its colour.
 */
const [BEHIND, OUTSIDE, COLOUR] = [0.25, 1, 0.5];
const [FURTHEST_FROM_AXIS, MOST_OUTSIDE] = [1.5, 20];
/** The front person's core: this near to the axis, less in the head's part of the box, is certainly theirs. */
const [CORE, HEAD_CORE, HEAD, ABOVE_HEAD] = [0.2, 0.12, 0.35, 0.1];
/** What it costs to divide two neighbours: always, and more the more alike their colours are. */
const [DIVIDE, DIVIDE_ALIKE, SHARPNESS] = [2, 20, 1.5];
/** Each colour has been seen once; a histogram with fewer cells than this says little. */
const COLOUR_PRIOR = 50;
/** How much the boxes count beside the contrast when the person in front is chosen. */
const FIT = 2;
/** Right, below, below right, below left: each pair of neighbours once. */
const NEIGHBOURS = [
  [1, 0],
  [0, 1],
  [1, 1],
  [-1, 1],
] as const;
const [NOBODY, CONTESTED] = [-2, -1];
/**
 * Most contested cells of all pairs together that are divided by cuts: in the worst case, noise on a busy core, each
 * takes about 13 µs. Four people who cover each other on 320 × 320 cells have that many.
 */
const MOST_CONTESTED = 615_000;

/** Neighbouring cells, and how alike their colours are, 0 to 1. */
interface Pair {
  readonly first: number;
  readonly second: number;
  readonly alike: number;
}

/** One way to divide two people: 0 and 1 where a cell is the first's or the second's, below 0 where it is nobody's. */
interface Division {
  readonly owner: Int8Array;
  /** How well the parts fill their boxes and how clear the line between them is; higher is better. */
  readonly merit: number;
  /** How many of the two parts fill their boxes enough to be answered. */
  readonly fitting: number;
}

/**
 * Whose each cell is: the index of a box, or -1 where `people` is 0 or no box is near. Each two people whose boxes
 * overlap are divided by a minimum cut, once with each of them in front, and the better result counts. A cell goes to
 * the one who wins it most often. Where many boxes lie in one place, the nearest centre decides alone: the cuts of 25
 * such boxes take longer than a request may. The constants were chosen by a random search over 120 settings. Mean IoU
 * of 149 people in 64 composed pictures with jittered boxes: nearest axis 0.762, watershed on colour edges 0.823, a cut
 * without front and behind 0.874, this 0.875.
 */
export async function divide(crowd: Crowd, pause: Pause = async () => undefined): Promise<Int8Array> {
  const { pixels, people, boxes } = crowd;
  const grown = boxes.map(withSlack);
  const meetings = meetingsOf(grown, pixels);
  if (meetings.reduce((sum, { area }) => sum + area, 0) > MOST_CONTESTED) return nearestCentre(crowd);
  const wins = grown.map((box) =>
    bytesFrom(people, (isPerson, cell) => (isPerson && isInside(cell, pixels.width, box) ? 1 : 0)),
  );
  const lab = labColours(pixels);
  const bins = colourBins(lab);
  const pairs = neighbours(crowd, lab);
  for (const { two } of meetings) {
    await pause();
    const { owner } = divideTwo(crowd, bins, pairs, two);
    const [first, second] = two.map((box) => wins[box]) as [Uint8Array, Uint8Array];
    owner.forEach((side, cell) => {
      if (!first[cell] || !second[cell]) return;
      const winner = side === 0 ? first : second;
      winner[cell] = (winner[cell] ?? 0) + 1;
    });
  }
  return Int8Array.from(people, (_, cell) => {
    let [best, most] = [-1, 0];
    wins.forEach((won, box) => {
      const count = won[cell] ?? 0;
      if (count > most) [best, most] = [box, count];
    });
    return best;
  });
}

/** Whose each cell is when only the boxes count: that of the nearest centre, in sides of the box. */
export function nearestCentre({ pixels: { width }, people, boxes }: Crowd): Int8Array {
  const grown = boxes.map(withSlack);
  return Int8Array.from(people, (isPerson, cell) => {
    if (!isPerson) return -1;
    const [x, y] = [(cell % width) + 0.5, Math.floor(cell / width) + 0.5];
    let [nearest, least] = [-1, Infinity];
    boxes.forEach(({ xmin, ymin, xmax, ymax }, index) => {
      if (!isInside(cell, width, grown[index] as Box)) return;
      const distance = Math.hypot((x - (xmin + xmax) / 2) / (xmax - xmin), (y - (ymin + ymax) / 2) / (ymax - ymin));
      if (distance < least) [nearest, least] = [index, distance];
    });
    return nearest;
  });
}

/** Each two boxes that overlap on the grid, and the area where they do, in cells. */
function meetingsOf(boxes: readonly Box[], { width, height }: Size): Array<{ two: [number, number]; area: number }> {
  const onGrid = boxes.map((box) => intersectBoxes(box, { xmin: 0, ymin: 0, xmax: width, ymax: height }));
  return onGrid.flatMap((box, first) =>
    onGrid.slice(first + 1).flatMap((other, after) => {
      const area = boxArea(intersectBoxes(box, other));
      return area > 0 ? [{ two: [first, first + 1 + after] as [number, number], area }] : [];
    }),
  );
}

function withSlack({ xmin, ymin, xmax, ymax }: Box): Box {
  const [x, y] = [(xmax - xmin) * SLACK, (ymax - ymin) * SLACK];
  return { xmin: xmin - x, ymin: ymin - y, xmax: xmax + x, ymax: ymax + y };
}

/** Whether a cell's centre is in a box. */
function isInside(cell: number, width: number, { xmin, ymin, xmax, ymax }: Box): boolean {
  const [x, y] = [(cell % width) + 0.5, Math.floor(cell / width) + 0.5];
  return x >= xmin && x < xmax && y >= ymin && y < ymax;
}

/** All neighbours that both show people. */
function neighbours({ people, pixels: { width, height } }: Crowd, lab: Float32Array): Pair[] {
  const found: Array<{ first: number; second: number; distance: number }> = [];
  let sum = 0;
  people.forEach((isPerson, first) => {
    if (!isPerson) return;
    const x = first % width;
    const y = (first - x) / width;
    for (const [right, down] of NEIGHBOURS) {
      const second = first + down * width + right;
      if (x + right < 0 || x + right >= width || y + down >= height || !people[second]) continue;
      let distance = 0;
      for (let channel = 0; channel < 3; channel++)
        distance += ((lab[3 * first + channel] ?? 0) - (lab[3 * second + channel] ?? 0)) ** 2;
      found.push({ first, second, distance });
      sum += distance;
    }
  });
  const scale = Math.max(Number.EPSILON, sum / found.length);
  return found.map(({ first, second, distance }) => ({
    first,
    second,
    alike: Math.exp((-SHARPNESS * distance) / scale),
  }));
}

function divideTwo(crowd: Crowd, bins: Uint16Array, allPairs: readonly Pair[], two: [number, number]): Division {
  const boxes = two.map((box) => crowd.boxes[box]).filter((box) => box !== undefined);
  const { seeds, contested } = seedsOf(crowd, boxes);
  const pairs = allPairs.filter(({ first, second }) => {
    const [a, b] = [seeds[first] ?? NOBODY, seeds[second] ?? NOBODY];
    return a !== NOBODY && b !== NOBODY && (a === CONTESTED || b === CONTESTED);
  });
  const divisions = [0, 1].map((front) => {
    const owner = cutWithFront(front, boxes, { seeds, contested, bins, pairs, width: crowd.pixels.width });
    return divisionOf(owner, boxes, pairs, crowd.pixels);
  });
  // Where one of them has lost nearly all, the nearer axis may still leave each their part.
  const plain = nearestAxis(boxes, { seeds, contested, width: crowd.pixels.width });
  const worst = Math.min(...divisions.map(({ fitting }) => fitting));
  if (worst < boxes.length) divisions.push(divisionOf(plain, boxes, pairs, crowd.pixels));
  return divisions.reduce((best, other) =>
    other.fitting > best.fitting || (other.fitting === best.fitting && other.merit > best.merit) ? other : best,
  );
}

/** The contested cells to the box whose vertical axis is nearer, in widths of the box. */
function nearestAxis(
  boxes: readonly Box[],
  { seeds, contested, width }: Pick<Contest, "seeds" | "contested" | "width">,
): Int8Array {
  const owner = seeds.slice();
  for (const cell of contested) {
    const x = (cell % width) + 0.5;
    const [first = 0, second = 0] = boxes.map(({ xmin, xmax }) => Math.abs(x - (xmin + xmax) / 2) / (xmax - xmin));
    owner[cell] = first <= second ? 0 : 1;
  }
  return owner;
}

/** Who alone may have a cell: 0 or 1, `CONTESTED` or `NOBODY`. */
function seedsOf(
  { people, pixels: { width } }: Crowd,
  boxes: readonly Box[],
): { seeds: Int8Array; contested: number[] } {
  const seeds = new Int8Array(people.length).fill(NOBODY);
  const contested: number[] = [];
  const grown = boxes.map(withSlack);
  people.forEach((isPerson, cell) => {
    if (!isPerson) return;
    const [inFirst, inSecond] = grown.map((box) => isInside(cell, width, box));
    if (inFirst && inSecond) {
      seeds[cell] = CONTESTED;
      contested.push(cell);
    } else if (inFirst || inSecond) seeds[cell] = inFirst ? 0 : 1;
  });
  return { seeds, contested };
}

interface Contest {
  readonly seeds: Int8Array;
  readonly contested: readonly number[];
  readonly bins: Uint16Array;
  readonly pairs: readonly Pair[];
  readonly width: number;
}

/** The cheapest division of the contested cells when the person of box `front` is in front. */
function cutWithFront(front: number, boxes: readonly Box[], contest: Contest): Int8Array {
  const { seeds, contested, bins, pairs, width } = contest;
  const owner = seeds.slice();
  const costs = [new Float64Array(contested.length), new Float64Array(contested.length)] as const;
  contested.forEach((cell, node) => {
    const [x, y] = [(cell % width) + 0.5, Math.floor(cell / width) + 0.5];
    boxes.forEach((box, side) => {
      const across = ((x - box.xmin) / (box.xmax - box.xmin)) * 2 - 1;
      const down = (y - box.ymin) / (box.ymax - box.ymin);
      const outside = Math.max(0, (Math.abs(across) - 1) / 2, -down, down - 1) / 0.05;
      const fromAxis = side === front ? Math.min(FURTHEST_FROM_AXIS, Math.abs(across)) ** 2 : BEHIND;
      const cost = costs[side === 0 ? 0 : 1];
      cost[node] = fromAxis + Math.min(MOST_OUTSIDE, OUTSIDE * outside ** 2);
      const isCore = Math.abs(across) < (down < HEAD ? HEAD_CORE : CORE) && down > ABOVE_HEAD && down < 1;
      if (side === front && isCore) owner[cell] = front;
    });
  });
  const surprise = colourSurprise(owner, bins);
  const nodes = new Int32Array(seeds.length).fill(-1);
  const cut = new MinCut(contested.length, pairs.length);
  contested.forEach((cell, node) => {
    nodes[cell] = node;
    const [first, second] = surprise(cell);
    costs[0][node] = (costs[0][node] ?? 0) + first;
    costs[1][node] = (costs[1][node] ?? 0) + second;
  });
  const forbid = (node: number, owned: number) => {
    // No sum of the other costs reaches this.
    const other = costs[owned === 0 ? 1 : 0];
    other[node] = 1e6;
  };
  for (const { first, second, alike } of pairs) {
    const diagonal = Math.abs(second - first) !== 1 && second - first !== width;
    const weight = (DIVIDE + DIVIDE_ALIKE * alike) * (diagonal ? Math.SQRT1_2 : 1);
    const [a, b] = [nodes[first] ?? -1, nodes[second] ?? -1];
    if (a >= 0 && b >= 0) cut.link(a, b, weight);
    else {
      // A neighbour that is certainly one person's makes the other side dearer.
      const dearer = costs[(owner[a >= 0 ? second : first] ?? 0) === 0 ? 1 : 0];
      const node = Math.max(a, b);
      dearer[node] = (dearer[node] ?? 0) + weight;
    }
  }
  contested.forEach((cell, node) => {
    const owned = owner[cell] ?? CONTESTED;
    if (owned >= 0) forbid(node, owned);
    cut.pay(node, costs[0][node] ?? 0, costs[1][node] ?? 0);
  });
  const sides = cut.solve();
  contested.forEach((cell, node) => {
    owner[cell] = sides[node] ?? 0;
  });
  return owner;
}

/** What a cell's colour costs each of the two, from the histograms of the cells that are certainly theirs. */
function colourSurprise(owner: Int8Array, bins: Uint16Array): (cell: number) => [number, number] {
  const histograms = [new Float32Array(COLOUR_BINS), new Float32Array(COLOUR_BINS)] as const;
  const totals: [number, number] = [COLOUR_PRIOR, COLOUR_PRIOR];
  owner.forEach((side, cell) => {
    if (side < 0) return;
    const index = side === 0 ? 0 : 1;
    const bin = bins[cell] ?? 0;
    histograms[index][bin] = (histograms[index][bin] ?? 0) + 1;
    totals[index]++;
  });
  return (cell) => {
    const bin = bins[cell] ?? 0;
    const first = ((histograms[0][bin] ?? 0) + 1) / totals[0];
    const second = ((histograms[1][bin] ?? 0) + 1) / totals[1];
    // The constant bounds the cost of a colour that only the other one has.
    const cost = (share: number) => -COLOUR * Math.log(share / (first + second) + 0.02);
    return [cost(first), cost(second)];
  };
}

/** The merit is twice the IoU of each part's bounds with its box, and the mean contrast along the line between them. */
function divisionOf(owner: Int8Array, boxes: readonly Box[], pairs: readonly Pair[], size: Size): Division {
  let [contrast, length] = [0, 0];
  for (const { first, second, alike } of pairs) {
    if (owner[first] === owner[second]) continue;
    contrast += 1 - alike;
    length++;
  }
  const [first = 0, second = 0] = boxes.map((box, side) => boxIou(boundsOf(owner, side, size), box));
  return {
    owner,
    merit: FIT * (first + second) + (length > 0 ? contrast / length : 1),
    fitting: [first, second].filter((fit) => fit >= LIMITS.maskBoundsIou).length,
  };
}

function boundsOf(owner: Int8Array, side: number, { width }: Size): Box {
  let [xmin, ymin, xmax, ymax] = [Infinity, Infinity, 0, 0];
  owner.forEach((value, cell) => {
    if (value !== side) return;
    const x = cell % width;
    const y = (cell - x) / width;
    [xmin, ymin, xmax, ymax] = [Math.min(xmin, x), Math.min(ymin, y), Math.max(xmax, x + 1), Math.max(ymax, y + 1)];
  });
  return xmax > 0 ? { xmin, ymin, xmax, ymax } : { xmin: 0, ymin: 0, xmax: 0, ymax: 0 };
}
