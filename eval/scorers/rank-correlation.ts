/**
 * Spearman's rank correlation: Pearson's, of the ranks; equal values share the mean of their ranks.
 * @returns -1 to 1; null for fewer than two pairs, or when all values of a side are equal
 */
export function rankCorrelation(pairs: ReadonlyArray<readonly [number, number]>): number | null {
  const first = ranksOf(pairs.map(([value]) => value));
  const second = ranksOf(pairs.map(([, value]) => value));
  const middle = (pairs.length + 1) / 2;
  const sum = (product: (index: number) => number) => pairs.reduce((total, _, index) => total + product(index), 0);
  const off = (ranks: readonly number[], index: number) => (ranks[index] ?? 0) - middle;
  const spread = Math.sqrt(sum((i) => off(first, i) ** 2) * sum((i) => off(second, i) ** 2));
  return spread > 0 ? sum((i) => off(first, i) * off(second, i)) / spread : null;
}

/** Ranks from 1. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const below = values.filter((other) => other < value).length;
    const equal = values.filter((other) => other === value).length;
    return below + (equal + 1) / 2;
  });
}
