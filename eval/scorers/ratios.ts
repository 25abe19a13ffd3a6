/** How many rows are right, of how many predicted and how many gold ones. */
export interface Counts {
  readonly right: number;
  readonly predicted: number;
  readonly gold: number;
}

/** Fractions from 0 to 1. A ratio of nothing is null. */
export interface Ratios extends Counts {
  readonly precision: number | null;
  readonly recall: number | null;
  readonly f1: number | null;
}

/** Precision, recall and F1 of every protocol come from here. */
export function ratiosOf({ right, predicted, gold }: Counts): Ratios {
  return {
    right,
    predicted,
    gold,
    precision: predicted > 0 ? right / predicted : null,
    recall: gold > 0 ? right / gold : null,
    f1: f1Of(right, predicted, gold),
  };
}

/** The harmonic mean of precision and recall, 2 right / (predicted + gold). */
export function f1Of(right: number, predicted: number, gold: number): number | null {
  return predicted + gold > 0 ? (2 * right) / (predicted + gold) : null;
}
