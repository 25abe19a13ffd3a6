/**
 * The greatest number of items that can each have a partner of their own (a maximum bipartite matching, by augmenting
 * paths).
 *
 * @param partners for each item, the numbers of those it may be paired with
 */
export function mostPairs(partners: ReadonlyArray<readonly number[]>): number {
  const itemOf = new Map<number, number>();
  const place = (item: number, tried: Set<number>): boolean =>
    (partners[item] ?? []).some((partner) => {
      if (tried.has(partner)) return false;
      tried.add(partner);
      const other = itemOf.get(partner);
      // Whoever has the partner may find another.
      if (other !== undefined && !place(other, tried)) return false;
      itemOf.set(partner, item);
      return true;
    });
  return partners.filter((_, item) => place(item, new Set())).length;
}
