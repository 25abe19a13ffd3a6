import type { Case } from "./claims.ts";
import { type ReliabilityBin, reliabilityOf } from "./reliability.ts";
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

const BINS = 5;

/** Score the probabilities of the gold entities that were found. */
export function scoreProbability(cases: readonly Case[]): ProbabilityScore {
  const found = cases.flatMap((one) =>
    one.claim ? [{ probability: one.claim.probability, truth: Number(isShown(one)) }] : [],
  );
  const { brier, bins } = reliabilityOf(found, BINS);
  return { brier, entities: found.length, bins };
}
