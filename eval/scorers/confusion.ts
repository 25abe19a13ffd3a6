import type { PostPair } from "./pair-posts.ts";
import { matchSpans } from "./same-span.ts";

/** Stands for the other side of an entity whose span was missed or invented. */
export const NONE = "none";

/** How often a gold type (first name) was predicted as a type (second name). */
export type Confusion = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** Which types were taken for which, over entities of one span; and what was missed or invented. */
export function confusionOf(pairs: readonly PostPair[], byOffsets: boolean): Confusion {
  const counts: Record<string, Record<string, number>> = {};
  for (const pair of pairs) {
    for (const [gold, predicted] of matchSpans(pair, byOffsets)) {
      const [goldType, type] = [gold?.type ?? NONE, predicted?.type ?? NONE];
      const row = counts[goldType] ?? {};
      row[type] = (row[type] ?? 0) + 1;
      counts[goldType] = row;
    }
  }
  return counts;
}
