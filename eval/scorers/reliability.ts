/** A probability that a model gave, and what was true. */
export interface Sample {
  readonly probability: number;
  /** 1 where it happened, 0 where it did not. */
  readonly truth: number;
}

export interface ReliabilityBin {
  readonly count: number;
  /** Mean probability; null in an empty bin. */
  readonly mean: number | null;
  /** Share of the samples that are true; null in an empty bin. */
  readonly visible: number | null;
}

/** How well probabilities agree with what happened. */
export interface Reliability {
  /** Mean squared difference of probability and truth (Brier 1950); null without samples. */
  readonly brier: number | null;
  /**
   * Expected calibration error: the mean difference of a bin's mean probability and its share of true samples, each bin
   * weighted by its samples (Guo et al., ICML 2017, section 2); null without samples.
   */
  readonly ece: number | null;
  /** Bins of equal width from 0 to 1; an edge belongs to the bin above it, and 1 to the last. */
  readonly bins: readonly ReliabilityBin[];
}

/** @param count how many bins */
export function reliabilityOf(samples: readonly Sample[], count: number): Reliability {
  const inBins: Sample[][] = Array.from({ length: count }, () => []);
  for (const sample of samples) inBins[Math.min(count - 1, Math.floor(sample.probability * count))]?.push(sample);
  const bins = inBins.map((inside) => ({
    count: inside.length,
    mean: meanOf(inside.map(({ probability }) => probability)),
    visible: meanOf(inside.map(({ truth }) => truth)),
  }));
  const gaps = bins.map(({ count: inside, mean, visible }) => inside * Math.abs((mean ?? 0) - (visible ?? 0)));
  return {
    brier: meanOf(samples.map(({ probability, truth }) => (probability - truth) ** 2)),
    ece: samples.length > 0 ? gaps.reduce((sum, gap) => sum + gap, 0) / samples.length : null,
    bins,
  };
}

/** The mean; null of no values. */
export function meanOf(values: readonly number[]): number | null {
  return values.length > 0 ? values.reduce((sum, value) => sum + value, 0) / values.length : null;
}
