/** The index of the first of sorted numbers that is at least `least`; their number where there is none. */
export function firstAtLeast(count: number, numberAt: (index: number) => number, least: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (numberAt(middle) < least) low = middle + 1;
    else high = middle;
  }
  return low;
}
