/** The value at a share of the sorted values: 0.5 is the median, the upper one of two. NaN without values. */
export function quantile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

/** The median: the upper one of two. NaN without values. */
export const median = (values: readonly number[]): number => quantile(values, 0.5);
