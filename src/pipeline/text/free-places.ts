import { firstAtLeast } from "../../../schemas/sorted.ts";

/**
 * Sorted positions of which the nearest free one is taken again and again. Each place that is taken points to its
 * neighbours, so that a search skips those that are taken and needs about two looks (union-find with path halving).
 */
export class FreePlaces {
  readonly #positions: readonly number[];
  /** For each place, one before it or itself that may be free, counted from 1; 0 where there is none. */
  readonly #before: Uint32Array;
  /** The same after it. The number of places where there is none. */
  readonly #after: Uint32Array;

  /** @param positions from left to right */
  constructor(positions: readonly number[]) {
    this.#positions = positions;
    this.#before = Uint32Array.from({ length: positions.length + 1 }, (_, index) => index);
    this.#after = this.#before.slice();
  }

  /** Takes the free position nearest to the expected one, the left of two; undefined where none is free. */
  takeNearest(expected: number): number | undefined {
    const positions = this.#positions;
    const at = firstAtLeast(positions.length, (index) => positions[index] as number, expected);
    const [left, right] = [find(this.#before, at) - 1, find(this.#after, at)];
    const [before, after] = [positions[left], positions[right]];
    const isLeft = after === undefined || (before !== undefined && expected - before <= after - expected);
    const place = isLeft ? left : right;
    if (positions[place] === undefined) return undefined;
    this.#before[place + 1] = place;
    this.#after[place] = place + 1;
    return positions[place];
  }
}

function find(links: Uint32Array, from: number): number {
  let at = from;
  while (links[at] !== at) {
    links[at] = links[links[at] as number] as number;
    at = links[at] as number;
  }
  return at;
}
