/** Cosine of the angle between two vectors of one length; 0 when one of them is zero. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [dot, squareA, squareB] = [0, 0, 0];
  for (let index = 0; index < a.length; index++) {
    const [x, y] = [a[index] ?? 0, b[index] ?? 0];
    dot += x * y;
    squareA += x * x;
    squareB += y * y;
  }
  const length = Math.sqrt(squareA) * Math.sqrt(squareB);
  return length > 0 ? dot / length : 0;
}

/** The items whose vectors are nearest to a vector by cosine, the nearest first; of equal ones, the earlier first. */
export function nearest<Item extends { readonly vector: ArrayLike<number> }>(
  vector: ArrayLike<number>,
  items: readonly Item[],
  count: number,
): Item[] {
  const scored = items.map((item) => ({ item, score: cosine(vector, item.vector) }));
  return scored
    .sort((a, b) => b.score - a.score)
    .slice(0, count)
    .map(({ item }) => item);
}
