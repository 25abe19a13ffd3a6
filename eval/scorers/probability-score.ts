import type { Case } from "./claims.ts";
import { isShown } from "./visibility-score.ts";

/** How well probabilities of being visible agree with what can be seen. */
export interface ProbabilityScore {
  /** Mean squared difference of the probability and the truth (1 visible, 0 hidden); null without entities. */
  readonly brier: number | null;
  /** Gold entities that were found. */
  readonly entities: number;
  /** Five bins of equal width, from 0 to 1; the upper edge belongs to the next bin, and 1 to the last. */
  readonly bins: readonly ReliabilityBin[];
}

export interface ReliabilityBin {
  readonly count: number;
  /** Mean probability; null in an empty bin. */
  readonly mean: number | null;
  /** Share of the entities that are visible; null in an empty bin. */
  readonly visible: number | null;
}

const BINS = 5;

/** Score the probabilities of the gold entities that were found. */
export function scoreProbability(cases: readonly Case[]): ProbabilityScore {
  const found = cases.flatMap((one) =>
    one.claim ? [{ probability: one.claim.probability, truth: Number(isShown(one)) }] : [],
  );
  const bins = Array.from({ length: BINS }, (_, bin) => {
    const inside = found.filter(({ probability }) => Math.min(BINS - 1, Math.floor(probability * BINS)) === bin);
    return {
      count: inside.length,
      mean: meanOf(inside.map(({ probability }) => probability)),
      visible: meanOf(inside.map(({ truth }) => truth)),
    };
  });
  const brier = meanOf(found.map(({ probability, truth }) => (probability - truth) ** 2));
  return { brier, entities: found.length, bins };
}

/** The mean; null of no values. */
export function meanOf(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}
